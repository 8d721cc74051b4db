import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { startReceiver } from '../../testing/receiver.ts';
import { type Call, customer, ended, expectFault, IMG, idOf, movesOf, started } from './testing.ts';

let gateway: TestGateway;
let call: Call;
let account: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  ({ call, id: account } = await customer(gateway));
});
afterAll(() => gateway.close());

const steered = (steering: string) => ({ 'genlock-sandbox': steering });
const SLOW = steered('delay=60s');
const make = async (steering?: string) =>
  idOf(await call('POST', '/v1/predict', IMG, steering === undefined ? {} : steered(steering)));
const done = async (steering?: string) => {
  const id = await make(steering);
  await ended(gateway, call, id);
  return id;
};

/** Every route that reads one prediction. */
const ROUTES = [
  ['GET', ''],
  ['GET', '/stream'],
  ['POST', '/cancel'],
  ['DELETE', ''],
  ['DELETE', '/delete'],
] as const;
const READS = ROUTES.slice(0, 2);

describe.each(ROUTES)('%s /v1/predictions/{id}%s', (method, rest) => {
  const at = (id: string) => call(method, `/v1/predictions/${id}${rest}`);

  provokes('skytells', 'PREDICTION_ID_REQUIRED@400', 'a blank where the id should be', async () => {
    for (const blank of ['%20', '%09', '%20%20']) expectFault(await at(blank), 'PREDICTION_ID_REQUIRED@400');
  });

  provokes('skytells', 'ACCESS_DENIED@502', "what is not there, is another's, or was deleted", async () => {
    const { call: other } = await customer(gateway);
    const theirs = idOf(await other('POST', '/v1/predict', IMG, SLOW));
    const { key } = await gateway.createKey(account, { dialect: 'skytells', mode: 'test' });
    const inTest = idOf(await call('POST', '/v1/predict', IMG, { 'x-api-key': key }));
    const gone = await make('delay=60s');
    await call('DELETE', `/v1/predictions/${gone}`);
    const chat = await call('POST', '/v1/chat/completions', {
      model: 'deepbrain-router',
      messages: [{ role: 'user', content: 'hi' }],
      max_tokens: 1,
    });
    const ids = [crypto.randomUUID(), 'x', 'a%2Fb', '%00', '..%2F..', "'--", theirs, inTest, gone];
    const answers = [];
    for (const id of [...ids, idOf(chat).replace('chatcmpl-', '')]) answers.push(await at(id));
    for (const answer of answers) expectFault(answer, 'ACCESS_DENIED@502', null);
    // The answers are identical.
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    await other('DELETE', `/v1/predictions/${theirs}`);
  });

  provokes('skytells', 'FAILED_TO_FETCH_PREDICTION@500', 'a store that throws', async () => {
    const id = await done();
    for (const effect of ['error', 'down']) {
      await gateway.admin('POST', '/faults', { point: 'store.read', effect });
      expectFault(await at(id), 'FAILED_TO_FETCH_PREDICTION@500');
    }
  });

  provokes('skytells', 'UNKNOWN_ERROR@502', 'a store that answers nonsense', async () => {
    const id = await done();
    await gateway.admin('POST', '/faults', { point: 'store.read', effect: 'garbage' });
    expectFault(await at(id), 'UNKNOWN_ERROR@502', {});
  });
});

describe.each(READS)('%s /v1/predictions/{id}%s', (method, rest) => {
  const at = (id: string) => call(method, `/v1/predictions/${id}${rest}`);

  it('shows a prediction, running and ended, as JSON', async () => {
    const id = await make('delay=60s');
    await started(gateway, id);
    const running = await at(id);
    expect(running.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(running.json).toMatchObject({
      id,
      status: 'processing',
      started_at: expect.any(String),
      completed_at: null,
      urls: { stream: `${gateway.url}/skytells/v1/predictions/${id}/stream` },
    });
    await call('DELETE', `/v1/predictions/${id}`);
    expect((await at(await done())).json).toMatchObject({ status: 'succeeded' });
  });

  it('answers HEAD', async () => {
    const head = await call('HEAD', `/v1/predictions/${await make()}${rest}`);
    expect([head.status, head.text]).toEqual([200, '']);
  });

  const serving = async (steering: string, row: string) => {
    const id = await done(steering);
    const first = await at(id);
    expectFault(first, row, {});
    expect(first.json.response).toBe('Error fetching prediction');
    // The same every time.
    expect((await at(id)).text).toBe(first.text);
  };

  provokes('skytells', 'PREDICTION_FAILED@502', 'a job whose serving failed', () =>
    serving('error=upstream_failed', 'PREDICTION_FAILED@502'),
  );
  provokes('skytells', 'INFERENCE_TIMEOUT@502', 'a job whose serving took too long', () =>
    serving('error=upstream_timeout', 'INFERENCE_TIMEOUT@502'),
  );
  provokes('skytells', 'SERVICE_UNAVAILABLE@502', 'a job whose serving was down', () =>
    serving('error=upstream_unavailable', 'SERVICE_UNAVAILABLE@502'),
  );
  provokes('skytells', 'INFERENCE_ERROR@502', 'a job that broke off', () =>
    serving('error=outcome_unknown', 'INFERENCE_ERROR@502'),
  );
});

describe('POST /v1/predictions/{id}/cancel', () => {
  it('ends what has not ended, releases the hold, and says so again', async () => {
    const mine = await customer(gateway, { credit_usd: '1' });
    const id = idOf(await mine.call('POST', '/v1/predict', IMG, SLOW));
    await started(gateway, id);
    const first = await mine.call('POST', `/v1/predictions/${id}/cancel`);
    expect([first.status, first.json]).toEqual([
      200,
      expect.objectContaining({ id, status: 'cancelled', success: true, output: null, error: null }),
    ]);
    expect(first.json.metadata).toMatchObject({ billing: { credits_used: 0 } });
    expect((await mine.call('POST', `/v1/predictions/${id}/cancel`)).json).toEqual(first.json);
    expect((await mine.call('GET', `/v1/predictions/${id}`)).json.status).toBe('cancelled');
    expect(await movesOf(gateway, mine.id)).toEqual(['hold 0.03', 'release 0.03']);
  });

  it('spells it as the operator chose, in every answer and webhook', async () => {
    const hooks = await startReceiver();
    const other = await startTestGateway({ config: 'dialects: { skytells: { canceled_as: canceled } }' });
    const mine = await customer(other);
    const id = idOf(await mine.call('POST', '/v1/predict', { ...IMG, webhook: hooks.url }, SLOW));
    await started(other, id);
    const canceled = { id, status: 'canceled' };
    expect((await mine.call('POST', `/v1/predictions/${id}/cancel`)).json).toMatchObject(canceled);
    expect((await mine.call('GET', `/v1/predictions/${id}`)).json).toMatchObject(canceled);
    for (const status of ['canceled', 'cancelled'])
      expect((await mine.call('GET', `/v1/predictions?status=${status}`)).json.data).toMatchObject([
        canceled,
      ]);
    expect((await hooks.got(1))[0]?.json).toMatchObject(canceled);
    await other.close();
    hooks.close();
  });

  provokes('skytells', 'INVALID_PARAMETER@400', 'a prediction that has ended otherwise', async () => {
    for (const [steering, status] of [
      [undefined, 'succeeded'],
      ['error=content_rejected', 'failed'],
      ['error=upstream_failed', 'failed'],
    ] as const) {
      const answer = await call('POST', `/v1/predictions/${await done(steering)}/cancel`);
      expectFault(answer, 'INVALID_PARAMETER@400', status);
    }
  });
});

describe.each(['', '/delete'])('DELETE /v1/predictions/{id}%s', (rest) => {
  it('removes an ended one with its files, and shows it a last time', async () => {
    const id = await done();
    const last = await call('GET', `/v1/predictions/${id}`);
    const [output] = last.json.output as [string];
    const deleted = await call('DELETE', `/v1/predictions/${id}${rest}`);
    expect([deleted.status, deleted.json]).toEqual([200, { ...last.json, success: true }]);
    expect((await fetch(output)).status).toBe(404);
    expectFault(await call('GET', `/v1/predictions/${id}`), 'ACCESS_DENIED@502');
    expectFault(await call('DELETE', `/v1/predictions/${id}${rest}`), 'ACCESS_DENIED@502');
    // The operator still sees what became of the money.
    const { body } = await gateway.admin('GET', `/generations/${id}`);
    expect(body).toMatchObject({ status: 'succeeded', charged_usd: '0.03', assets: [] });
  });

  it('cancels a running one first', async () => {
    const id = await make('delay=60s');
    await started(gateway, id);
    const { json } = await call('DELETE', `/v1/predictions/${id}${rest}`);
    expect(json).toMatchObject({ id, status: 'cancelled', success: true });
    const { body } = await gateway.admin('GET', `/generations/${id}`);
    expect(body).toMatchObject({ status: 'canceled', charged_usd: '0' });
  });

  it('takes failed ones too, whichever face they have', async () => {
    for (const steering of ['error=content_rejected', 'error=upstream_failed']) {
      const { json } = await call('DELETE', `/v1/predictions/${await done(steering)}${rest}`);
      expect(json).toMatchObject({ status: 'failed', model: 'truefusion', success: true });
    }
  });
});

describe('an id that cannot be routed', () => {
  it.each(['x'.repeat(2000), '%ZZ', '%E0%A4'])('is told like one that is not there', async (id) => {
    expectFault(await call('GET', `/v1/predictions/${id}`), 'ACCESS_DENIED@502');
    expectFault(await call('GET', `/v1/predictions/${id}/stream`), 'ACCESS_DENIED@502');
  });
});
