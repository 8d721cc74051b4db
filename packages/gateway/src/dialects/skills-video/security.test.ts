import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  type Customer,
  caller,
  create,
  customer,
  expectFault,
  IMAGE,
  idOf,
  P,
  PIXEL,
  run,
} from './testing.ts';

let gateway: TestGateway;
let ann: Customer;
let bob: Customer;

beforeAll(async () => {
  gateway = await startTestGateway({ config: 'hosts: { skills-video: open.skills.test }' });
  ann = await customer(gateway);
  bob = await customer(gateway);
});
afterAll(() => gateway.close());

describe('workspaces', () => {
  it('see only their own tasks, in the mode of the key', async () => {
    const id = idOf(await ann.call('POST', create(IMAGE), P));
    const second = caller(gateway, (await gateway.createKey(ann.id, { dialect: 'skills-video' })).key);
    const test = caller(
      gateway,
      (await gateway.createKey(ann.id, { dialect: 'skills-video', mode: 'test' })).key,
    );
    expect((await second('GET', `/api/v1/generation/${id}`)).status).toBe(200);
    expectFault(await test('GET', `/api/v1/generation/${id}`), 'NOT_FOUND@404');
    expectFault(await bob.call('GET', `/api/v1/generation/${id}`), 'NOT_FOUND@404');
  });

  it('cannot use the files of others by their ids', async () => {
    const form = new FormData();
    form.append('prompt', 'x');
    form.append('image_urls', new Blob([PIXEL]), 'a.png');
    const { image_urls } = (await ann.call('POST', create(IMAGE), form)).json.input as {
      image_urls: string[];
    };
    const id = /upl_[0-9A-Z]+/.exec(image_urls[0] ?? '')?.[0];
    const answer = await bob.call('POST', create(IMAGE), { ...P, image_urls: [`asset:${id}`] });
    expectFault(answer, 'IMAGE_GENERATION_INVALID_INPUT@400');
  });

  it('hold nothing that a refused call left', async () => {
    const before = await gateway.core.store.balance(bob.id);
    await bob.call('POST', create(IMAGE), { ...P, n: 9 });
    expect(await gateway.core.store.balance(bob.id)).toEqual(before);
  });
});

describe('money', () => {
  it('adds up after success, failure and cancellation', async () => {
    const eve = await customer(gateway, { credit_usd: '1.00' });
    await run(gateway, eve.call, IMAGE, P);
    await run(gateway, eve.call, IMAGE, P, 'error=upstream_failed');
    const id = idOf(await eve.call('POST', create(IMAGE), P, { 'genlock-sandbox': 'delay=600s' }));
    await gateway.admin('POST', `/generations/${id}/cancel`);
    const { body } = await gateway.admin<{ data: { type: string; usd: string }[] }>(
      'GET',
      `/accounts/${eve.id}/ledger`,
    );
    expect(body.data.map(({ type, usd }) => `${type} ${usd}`)).toEqual([
      'top_up 1',
      'hold 0.04',
      'capture 0.04',
      'hold 0.04',
      'release 0.04',
      'hold 0.04',
      'release 0.04',
    ]);
    const { json } = await eve.call('GET', '/api/v1/credits');
    expect(json).toEqual({ total: 96, subscription: 0, permanent: 96 });
    expect((await gateway.admin('POST', '/reconcile')).body).toMatchObject({ drift_usd: '0' });
  });

  it('captures a shorter clip for what it is, and tells the same everywhere', async () => {
    const task = await run(
      gateway,
      ann.call,
      'luma/ray-2-flash',
      { prompt: 'x', duration: 4, resolution: '480p', aspect_ratio: '1:1' },
      'clip=2',
    );
    // 1.5 credits per second: 6 were held, 3 are charged.
    expect(task.json.usage).toEqual({ total: 3, subscription: 0, permanent: 3 });
  });
});

describe('hostile bodies', () => {
  it.each([
    ['members called __proto__', '{"prompt":"x","__proto__":{"n":4}}', 202],
    ['an input that is an array', '[{"prompt":"x"}]', 400],
    ['a deep body', `{"prompt":"x","y":${'['.repeat(100)}${']'.repeat(100)}}`, 400],
    ['numbers beyond numbers', '{"prompt":"x","seed":1e999}', 400],
    ['half a character', '{"prompt":"\\udc00"}', 400],
  ])('%s', async (_name, body, status) => {
    const answer = await ann.call('POST', create(IMAGE), body);
    expect(answer.status).toBe(status);
    if (status === 202) expect(answer.json.input).toMatchObject({ n: 1 });
    else expectFault(answer, 'IMAGE_GENERATION_INVALID_INPUT@400');
  });

  it('parts without end, without number, and with odd names', async () => {
    const many = new FormData();
    for (let n = 0; n < 150; n += 1) many.append('image_urls', 'https://example.com/a.png');
    expectFault(await ann.call('POST', create(IMAGE), many), 'IMAGE_GENERATION_INVALID_INPUT@400');
    const nul = new FormData();
    nul.append('prompt', 'a\0b');
    expectFault(await ann.call('POST', create(IMAGE), nul), 'IMAGE_GENERATION_INVALID_INPUT@400');
    const odd = new FormData();
    odd.append('prompt', 'x');
    odd.append('__proto__', 'x');
    odd.append('constructor', new Blob(['x']), '../../etc/passwd');
    expectFault(await ann.call('POST', create(IMAGE), odd), 'IMAGE_GENERATION_INVALID_INPUT@400');
    const cut = '--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nhalf a pa';
    const answer = await ann.call('POST', create(IMAGE), cut, {
      'content-type': 'multipart/form-data; boundary=x',
    });
    expectFault(answer, 'IMAGE_GENERATION_INVALID_INPUT@400');
  });
});

describe('links', () => {
  it('start with the host name of the dialect where it has one', async () => {
    const task = await run(gateway, ann.call, IMAGE, P);
    const { image } = task.json.data as { image: { url: string } };
    expect(image.url).toMatch(/^http:\/\/open\.skills\.test:\d+\/files\//);
  });
});
