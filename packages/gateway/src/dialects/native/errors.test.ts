import { type CanonicalCode, canonicalCodes, problemStatus } from '@genlock/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { customer, expectProblem, IMAGE, idOf, ledgerOf, started, TEXT, VIDEO } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway.admin('DELETE', '/faults'));
afterAll(() => gateway.close());

const UNKNOWN = 'gen_01J00000000000000000000000';
const fault = (point: string, effect: string) => gateway.admin('POST', '/faults', { point, effect });
const patchModel = (id: string, body: object) =>
  gateway.admin('PATCH', `/models/native/${encodeURIComponent(id)}`, body);
const NEVER = { 'genlock-sandbox': 'delay=600s' };

describe('a model', () => {
  provokes('native', 'model_paused@409', 'that is paused', async () => {
    const { call } = await customer(gateway);
    await patchModel('genlock/video', { status: 'paused' });
    expectProblem(await call('POST', '/generations', VIDEO), 'model_paused@409');
    expect((await call('GET', '/models/genlock/video')).json).toMatchObject({ status: 'paused' });
    await patchModel('genlock/video', { status: null });
  });

  provokes('native', 'model_inactive@409', 'that is switched off', async () => {
    const { call } = await customer(gateway);
    await patchModel('genlock/video', { status: 'inactive' });
    expectProblem(await call('POST', '/generations', VIDEO), 'model_inactive@409');
    await patchModel('genlock/video', { status: null });
  });

  provokes('native', 'model_not_billable@409', 'without a price', async () => {
    const { call } = await customer(gateway);
    await patchModel('genlock/video', { billable: false });
    expectProblem(await call('POST', '/generations', VIDEO), 'model_not_billable@409');
    await patchModel('genlock/video', { billable: null });
  });

  provokes('native', 'no_route@503', 'that nothing runs', async () => {
    const { id, call } = await customer(gateway);
    await patchModel('genlock/video', { routes: [] });
    expectProblem(await call('POST', '/generations', VIDEO), 'no_route@503');
    await patchModel('genlock/video', { routes: null });
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 100']);
  });
});

describe('money', () => {
  provokes('native', 'insufficient_credits@402', 'too little of it', async () => {
    const { id, call } = await customer(gateway, { credit_usd: '0.009999' });
    expectProblem(await call('POST', '/generations', IMAGE), 'insufficient_credits@402');
    expect((await call('GET', '/generations')).json.data).toEqual([]);
    await gateway.admin('POST', `/accounts/${id}/top-ups`, { usd: '0.000001' });
    expect((await call('POST', '/generations', IMAGE)).status).toBe(202);
  });

  provokes('native', 'charge_failed@500', 'a ledger that refuses the hold', async () => {
    const { id, call } = await customer(gateway);
    await fault('ledger', 'error');
    expectProblem(await call('POST', '/generations', IMAGE), 'charge_failed@500');
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 100']);
  });
});

describe('objects and states', () => {
  provokes('native', 'not_found@404', 'what is not there', async () => {
    const { call } = await customer(gateway);
    for (const [method, path] of [
      ['GET', `/generations/${UNKNOWN}`],
      ['GET', `/generations/${UNKNOWN}/events`],
      ['GET', `/generations/${UNKNOWN}/deliveries`],
      ['POST', `/generations/${UNKNOWN}/cancel`],
      ['POST', `/generations/${UNKNOWN}/retry`],
      ['GET', '/assets/asset_nope'],
      ['GET', '/assets/asset_nope/content'],
      ['GET', '/models/genlock/nope'],
      ['GET', '/webhook-endpoints/whe_nope'],
      ['DELETE', '/webhook-endpoints/whe_nope'],
      ['POST', '/webhook-endpoints/whe_nope/rotate-secret'],
      ['GET', '/webhook-endpoints/whe_nope/deliveries'],
      ['GET', '/webhook-deliveries/evt_nope'],
      ['POST', '/webhook-deliveries/evt_nope/redeliver'],
    ] as const)
      expectProblem(await call(method, path), 'not_found@404');
  });

  provokes('native', 'route_not_found@404', 'a path that leads nowhere', async () => {
    const { call } = await customer(gateway);
    for (const path of ['/nope', '', '/', '/generations/a/b/c'])
      expectProblem(await call('GET', path), 'route_not_found@404');
    expectProblem(await call('GET', '/%zz'), 'route_not_found@404');
  });

  provokes('native', 'method_not_allowed@405', 'a method that the path does not take', async () => {
    const { call } = await customer(gateway);
    for (const [method, path, allow] of [
      ['DELETE', '/generations', 'POST, GET, HEAD'],
      ['PUT', `/generations/${UNKNOWN}`, 'GET, HEAD'],
      ['GET', `/generations/${UNKNOWN}/cancel`, 'POST'],
      ['OPTIONS', '/balance', 'GET, HEAD'],
      ['GET', '/uploads', 'POST'],
      ['PROPFIND', '/models', 'GET, HEAD'],
    ] as const) {
      const answer = await call(method, path);
      expectProblem(answer, 'method_not_allowed@405');
      expect(answer.headers.get('allow')).toBe(allow);
    }
  });

  provokes('native', 'invalid_state@409', 'canceling what ended, retrying what did not fail', async () => {
    const { call } = await customer(gateway);
    const done = idOf(await call('POST', '/generations', IMAGE, { prefer: 'wait=45' }));
    expectProblem(await call('POST', `/generations/${done}/cancel`), 'invalid_state@409');
    expectProblem(await call('POST', `/generations/${done}/retry`), 'invalid_state@409');
    const running = idOf(await call('POST', '/generations', IMAGE, NEVER));
    await started(gateway, running);
    expectProblem(await call('POST', `/generations/${running}/retry`), 'invalid_state@409');
    await call('POST', `/generations/${running}/cancel`);
    expectProblem(await call('POST', `/generations/${running}/retry`), 'invalid_state@409');
  });

  provokes('native', 'idempotency_conflict@409', 'a key used with another body, also a bad one', async () => {
    const { call } = await customer(gateway);
    const headers = { 'idempotency-key': '"k1"' };
    await call('POST', '/generations', IMAGE, headers);
    for (const body of [TEXT, { ...IMAGE, metadata: {} }, {}])
      expectProblem(await call('POST', '/generations', body, headers), 'idempotency_conflict@409');
  });
});

describe('limits', () => {
  provokes(
    'native',
    'rate_limited@429',
    'calls beyond the quota; after the wait it works again',
    async () => {
      let now = Date.now();
      const frozen = await startTestGateway({ worker: false, now: () => now });
      try {
        const { call } = await customer(frozen, { key: { limits: { requests_per_minute: 2 } } });
        const first = await call('POST', '/quotes', IMAGE);
        expect(first.headers.get('ratelimit-policy')).toBe('"writes";q=2;w=60');
        expect(first.headers.get('ratelimit')).toBe('"writes";r=1;t=30');
        await call('POST', '/quotes', IMAGE);
        const limited = await call('POST', '/generations', '{');
        expectProblem(limited, 'rate_limited@429');
        expect(limited.headers.get('ratelimit')).toBe('"writes";r=0;t=30');
        expect(limited.headers.get('retry-after')).toBe('30');
        expect((await call('GET', '/balance')).headers.get('ratelimit-policy')).toBe('"reads";q=1200;w=60');
        now += 30_000;
        expect((await call('POST', '/quotes', IMAGE)).status).toBe(200);
      } finally {
        await frozen.close();
      }
    },
  );

  provokes('native', 'queue_full@429', 'one unfinished generation too many', async () => {
    const { call } = await customer(gateway, { key: { limits: { unfinished_jobs: 1 } } });
    const id = idOf(await call('POST', '/generations', IMAGE, NEVER));
    expectProblem(await call('POST', '/generations', IMAGE), 'queue_full@429');
    await call('POST', `/generations/${id}/cancel`);
    expect((await call('POST', '/generations', IMAGE)).status).toBe(202);
  });

  provokes('native', 'concurrency_limited@429', 'one at once too many', async () => {
    const { call } = await customer(gateway, { key: { limits: { concurrent: 0 } } });
    expectProblem(await call('POST', '/generations', IMAGE), 'concurrency_limited@429');
  });

  provokes('native', 'limiter_unavailable@503', 'a limiter that is down: nothing passes', async () => {
    const { call } = await customer(gateway);
    await fault('limiter', 'down');
    expectProblem(await call('GET', '/balance'), 'limiter_unavailable@503');
  });
});

describe('the back end', () => {
  provokes('native', 'upstream_unavailable@503', 'a provider that is down', async () => {
    const { call } = await customer(gateway);
    await fault('provider', 'down');
    expectProblem(await call('POST', '/generations', IMAGE), 'upstream_unavailable@503');
  });

  provokes('native', 'upstream_invalid_result@502', 'a provider that answers garbage', async () => {
    const { id, call } = await customer(gateway);
    await fault('provider', 'garbage');
    expectProblem(await call('POST', '/generations', IMAGE), 'upstream_invalid_result@502');
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 100']);
  });

  provokes('native', 'storage_unavailable@503', 'a store that cannot write, or list', async () => {
    const { call } = await customer(gateway);
    await fault('store.write', 'error');
    expectProblem(await call('POST', '/generations', IMAGE), 'storage_unavailable@503');
    await fault('store.list', 'error');
    expectProblem(await call('GET', '/generations'), 'storage_unavailable@503');
  });

  provokes('native', 'internal_error@500', 'a store that reads nonsense', async () => {
    const { call } = await customer(gateway);
    await fault('store.read', 'garbage');
    expectProblem(await call('GET', `/generations/${UNKNOWN}`), 'internal_error@500');
  });

  provokes(
    'native',
    'shutting_down@503',
    'new work while it drains; it still reads and replays',
    async () => {
      const draining = await startTestGateway();
      try {
        const { call } = await customer(draining);
        const headers = { 'idempotency-key': 'k' };
        const id = idOf(await call('POST', '/generations', IMAGE, headers));
        await draining.drain(0);
        expectProblem(await call('POST', '/generations', IMAGE), 'shutting_down@503');
        expect(idOf(await call('POST', '/generations', IMAGE, headers))).toBe(id);
        expect((await call('GET', `/generations/${id}`)).status).toBe(200);
      } finally {
        await draining.close();
      }
    },
  );
});

/** A provider's objection at submission is reported unchanged; no other part of ours causes these errors by itself. */
describe('a provider refuses at submission', () => {
  async function refusal(code: CanonicalCode): Promise<void> {
    const { id, call } = await customer(gateway);
    const steered = { 'genlock-sandbox': `error=${code} at=admit` };
    expectProblem(await call('POST', '/generations', IMAGE, steered), `${code}@${problemStatus[code]}`);
    expect((await call('GET', '/generations')).json.data).toEqual([]);
    expect(await ledgerOf(gateway, id)).toEqual(['top_up 100']);
  }

  it.each(canonicalCodes)('with %s', refusal);

  const words = 'in its words, with nothing kept or charged';
  provokes('native', 'forbidden@403', words, () => refusal('forbidden'));
  provokes('native', 'access_denied@403', words, () => refusal('access_denied'));
  provokes('native', 'parameter_not_allowed@403', words, () => refusal('parameter_not_allowed'));
  provokes('native', 'source_media_required@422', words, () => refusal('source_media_required'));
  provokes('native', 'media_unreadable@422', words, () => refusal('media_unreadable'));
  provokes('native', 'media_too_short@422', words, () => refusal('media_too_short'));
  provokes('native', 'model_misconfigured@500', words, () => refusal('model_misconfigured'));
  provokes('native', 'payment_required@402', words, () => refusal('payment_required'));
  provokes('native', 'unknown_pack@422', words, () => refusal('unknown_pack'));
  provokes('native', 'upstream_failed@502', words, () => refusal('upstream_failed'));
  provokes('native', 'upstream_timeout@504', words, () => refusal('upstream_timeout'));
  provokes('native', 'upstream_rate_limited@503', words, () => refusal('upstream_rate_limited'));
  provokes('native', 'outcome_unknown@502', words, () => refusal('outcome_unknown'));
});
