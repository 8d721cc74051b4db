import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliverySecrets } from '../gateway/webhooks/webhook-secrets.ts';
import { createSealer } from '../secrets/seal.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { expectProblem } from './testing.ts';

const SECRET = 'a secret of the test that is long enough';
const box = createSealer(SECRET);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ env: { GENLOCK_SECRET: SECRET } });
});
afterAll(() => gateway.close());

describe('the secret of an account', () => {
  const get = async (id: string, query: string) =>
    (await gateway.admin<{ secret: string }>('GET', `/accounts/${id}/webhook-secret?${query}`)).body.secret;

  it('is made when first asked for, apart for each mode, and is what deliveries are signed with', async () => {
    const { id } = await gateway.createAccount();
    const live = await get(id, 'dialect=kiara');
    expect(live).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await get(id, 'dialect=kiara&mode=live')).toBe(live);
    expect(await get(id, 'dialect=kiara&mode=test')).not.toBe(live);
    const delivery = {
      accountId: id,
      dialect: 'kiara',
      mode: 'live',
      id: 'evt_1',
      endpointId: null,
      sealedSecret: null,
    } as const;
    expect(await deliverySecrets(gateway.core, box, delivery)).toEqual([live]);
  });

  it('is one, however many ask at once', async () => {
    const { id } = await gateway.createAccount();
    const secrets = await Promise.all(Array.from({ length: 10 }, () => get(id, 'dialect=kiara')));
    expect(new Set(secrets).size).toBe(1);
  });

  it('is another after it was rotated', async () => {
    const { id } = await gateway.createAccount();
    const [live, test] = [await get(id, 'dialect=kiara'), await get(id, 'dialect=kiara&mode=test')];
    const rotated = await gateway.admin<{ secret: string }>(
      'POST',
      `/accounts/${id}/webhook-secret/rotate?dialect=kiara&mode=live`,
    );
    expect(rotated).toEqual({ status: 200, body: { secret: expect.stringMatching(/^whsec_/) } });
    expect(rotated.body.secret).not.toBe(live);
    expect(await get(id, 'dialect=kiara')).toBe(rotated.body.secret);
    expect(await get(id, 'dialect=kiara&mode=test')).toBe(test);
  });

  it.each([
    ['', 'dialect'],
    ['?dialect=nobody', 'dialect'],
    ['?dialect=kiara&mode=demo', 'mode'],
    ['?dialect=kiara&kind=live', 'kind'],
  ])('is not told for %j', async (query, param) => {
    const { id } = await gateway.createAccount();
    expectProblem(await gateway.admin('GET', `/accounts/${id}/webhook-secret${query}`), 422, param);
    expectProblem(await gateway.admin('POST', `/accounts/${id}/webhook-secret/rotate${query}`), 422, param);
  });

  it('is there only in dialects that sign with it; others say what they do', async () => {
    const { id } = await gateway.createAccount();
    for (const [dialect, detail] of [
      ['getimg', 'This dialect has no webhooks.'],
      ['skills-video', expect.stringContaining('POST /admin/v1/accounts/{id}/webhook-endpoints')],
    ] as const)
      for (const [method, path] of [
        ['GET', 'webhook-secret'],
        ['POST', 'webhook-secret/rotate'],
      ] as const) {
        const answer = await gateway.admin(method, `/accounts/${id}/${path}?dialect=${dialect}`);
        expectProblem(answer, 422, 'dialect');
        expect(answer.body.detail).toEqual(detail);
      }
    for (const dialect of ['kiara', 'llmtune', 'skytells', 'native'])
      expect(await get(id, `dialect=${dialect}`)).toMatch(/^whsec_/);
  });

  it('needs an account', async () => {
    expectProblem(await gateway.admin('GET', '/accounts/acct_x/webhook-secret?dialect=kiara'), 404);
    expectProblem(await gateway.admin('POST', '/accounts/acct_x/webhook-secret/rotate?dialect=kiara'), 404);
  });
});

describe('POST /accounts/{id}/webhook-endpoints', () => {
  it.each([
    [{}, 'dialect'],
    [{ dialect: 'kiara' }, 'url'],
    [{ dialect: 'nobody', url: 'https://example.com/' }, 'dialect'],
    // Kiara has no endpoints: the URL comes with the job.
    [{ dialect: 'kiara', url: 'https://example.com/' }, 'dialect'],
    [{ dialect: 'kiara', url: 'https://example.com/', events: 'all' }, 'events'],
    [{ dialect: 'kiara', url: 'https://example.com/', secret: 's' }, 'secret'],
  ])('refuses %j', async (body, param) => {
    const { id } = await gateway.createAccount();
    expectProblem(await gateway.admin('POST', `/accounts/${id}/webhook-endpoints`, body), 422, param);
  });

  it('says which dialects there are', async () => {
    const { id } = await gateway.createAccount();
    const body = { dialect: 'nobody', url: 'https://example.com/' };
    const refused = await gateway.admin('POST', `/accounts/${id}/webhook-endpoints`, body);
    expect(refused.body.detail).toMatch(/^There is no such dialect; there are getimg, kiara, /);
  });

  it.each([
    [
      'native',
      'generation.completed',
      'generation.created, generation.started, generation.succeeded, generation.failed, generation.canceled',
    ],
    ['skills-video', 'task.done', 'task.created, task.started, task.completed, task.failed, task.canceled'],
    [
      'llmtune',
      'deployment.created',
      'training.started, training.completed, training.failed, model.deployed, batch.completed',
    ],
  ])('refuses an event that %s does not have, and names those that it has', async (dialect, event, known) => {
    const { id } = await gateway.createAccount();
    const path = `/accounts/${id}/webhook-endpoints`;
    const events = known.split(', ');
    const body = { dialect, url: 'https://example.com/' };
    const refused = await gateway.admin('POST', path, { ...body, events: [events[0], event] });
    expectProblem(refused, 422, 'events[1]');
    expect(refused.body.detail).toBe(`There is no event "${event}" in this dialect; there is ${known}.`);
    expect(await gateway.core.store.endpoints(id, dialect)).toEqual([]);
    expect(await gateway.admin('POST', path, { ...body, events })).toMatchObject({
      status: 201,
      body: { events },
    });
  });

  it('needs an account', async () => {
    const body = { dialect: 'kiara', url: 'https://example.com/' };
    expectProblem(await gateway.admin('POST', '/accounts/acct_x/webhook-endpoints', body), 404);
  });
});
