import { afterAll, beforeAll, expect, it } from 'vitest';
import { GenlockError } from '../domain/error.ts';
import type { JsonObject } from '../domain/json.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { scripted } from '../testing/scripted-provider.ts';
import { expectProblem, orderImage } from './testing.ts';

let gateway: TestGateway;
const dead = () => {
  throw new GenlockError('upstream_failed', undefined, { accepted: 'maybe', raw: 'the line went dead' });
};
const paid = scripted('paid', [dead]);
const taken = () => ({ state: 'accepted', upstreamId: 'job_1', pollAfterMs: 1 }) as const;
const refused = async () =>
  ({ state: 'failed', error: new GenlockError('content_rejected', undefined, { raw: 'no' }) }) as const;
const keyed = scripted('keyed', [dead, taken], { safeToResend: true }, { poll: refused });
const free = scripted('free', [dead], { safeToResend: true, free: true });
beforeAll(async () => {
  gateway = await startTestGateway({
    providers: [paid, keyed, free],
  });
  const routes = [{ provider: 'paid', model: 'imagine' }];
  await gateway.admin('PATCH', '/models/kiara/kiara-vogue', { routes });
});
afterAll(() => gateway.close());

it('shows the operator what may have to be paid and brought nothing', async () => {
  const { id: account, key } = await gateway.customer();
  const id = await orderImage(gateway, key.key);
  const flagged = async () =>
    (await gateway.admin<{ data: JsonObject[] }>('GET', '/attempts?outcome=outcome_unknown')).body;
  await expect.poll(async () => (await flagged()).data.length, { timeout: 20_000 }).toBe(1);
  expect(await flagged()).toEqual({
    data: [
      {
        generation_id: id,
        account_id: account,
        dialect: 'kiara',
        mode: 'live',
        ordered_model: 'kiara-vogue',
        status: 'failed',
        quote_usd: expect.stringMatching(/^\d/),
        finished_at: expect.any(String),
        n: 1,
        provider: 'paid',
        model: 'imagine',
        upstream_id: null,
        outcome: 'outcome_unknown',
        error: { code: 'upstream_failed', raw: 'the line went dead' },
        cost_usd: null,
        lost_calls: 0,
        started_at: expect.any(String),
        ended_at: expect.any(String),
      },
    ],
    next_cursor: null,
  });
  expect((await gateway.admin('GET', '/attempts?outcome=late')).body).toEqual({
    data: [],
    next_cursor: null,
  });
});

it('leaves out what was lost for nothing: calls that were made again under the same key, or cost nothing', async () => {
  const { key } = await gateway.customer();
  const flagged = async () =>
    (await gateway.admin<{ data: JsonObject[] }>('GET', '/attempts?outcome=outcome_unknown')).body.data;
  const before = await flagged();
  for (const [provider, outcomes] of [
    ['keyed', ['outcome_unknown', 'failed']],
    ['free', ['failed', 'failed', 'failed']],
  ] as const) {
    await gateway.admin('PATCH', '/models/kiara/kiara-vogue', { routes: [{ provider, model: 'imagine' }] });
    const id = await orderImage(gateway, key.key);
    const detail = async () =>
      (await gateway.admin<{ attempts: JsonObject[]; status: string }>('GET', `/generations/${id}`)).body;
    await expect.poll(async () => (await detail()).status, { timeout: 20_000 }).toBe('failed');
    expect((await detail()).attempts.map(({ outcome }) => outcome)).toEqual(outcomes);
  }
  expect(await flagged()).toEqual(before);
});

it('says what can be asked for', async () => {
  expectProblem(await gateway.admin('GET', '/attempts'), 422, 'outcome');
  expectProblem(await gateway.admin('GET', '/attempts?outcome=failed'), 422, 'outcome');
  expectProblem(await gateway.admin('GET', '/attempts?outcome=late&cursor=zz'), 422, 'cursor');
});
