import { canonicalCodes, canonicalErrors } from '@genlock/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { type Call, customer, IMAGE, idOf, ledgerOf } from './testing.ts';

/* How a job can fail. For these errors the provider's answer is the real cause, so the sandbox gives each of them once. */

let gateway: TestGateway;
let account: string;
let call: Call;
const ids = new Map<string, string>();

beforeAll(async () => {
  gateway = await startTestGateway();
  ({ id: account, call } = await customer(gateway, { credit_usd: '1' }));
  await Promise.all(
    canonicalCodes.map(async (code) => {
      const headers = { 'genlock-sandbox': `error=${code}`, prefer: 'wait=45' };
      const answer = await call('POST', '/generations', IMAGE, headers);
      expect([answer.status, answer.json.status]).toEqual([201, 'failed']);
      ids.set(code, idOf(answer));
    }),
  );
});
afterAll(() => gateway.close());

/** Expects the job to have failed with the code and its advice, and its hold to be released. */
async function failsWith(code: keyof typeof canonicalErrors): Promise<void> {
  const answer = await call('GET', `/generations/${ids.get(code)}`);
  expect(answer.status).toBe(200);
  const { blame, retry } = canonicalErrors[code];
  expect(answer.json).toMatchObject({
    status: 'failed',
    output: null,
    error: {
      code,
      blame,
      retry,
      message: expect.stringMatching(/\S/),
      request_id: expect.stringMatching(/^req_/),
    },
    cost: { quoted_usd: '0.01', held_usd: '0', charged_usd: '0', released_usd: '0.01' },
  });
  expect(JSON.stringify(answer.json.error)).not.toMatch(/sandbox|directive/);
}

describe('a job fails with', () => {
  provokes('native', 'unauthenticated@job', 'told in the job, its hold released', () =>
    failsWith('unauthenticated'),
  );
  provokes('native', 'account_disabled@job', 'told in the job, its hold released', () =>
    failsWith('account_disabled'),
  );
  provokes('native', 'origin_not_allowed@job', 'told in the job, its hold released', () =>
    failsWith('origin_not_allowed'),
  );
  provokes('native', 'ip_not_allowed@job', 'told in the job, its hold released', () =>
    failsWith('ip_not_allowed'),
  );
  provokes('native', 'forbidden@job', 'told in the job, its hold released', () => failsWith('forbidden'));
  provokes('native', 'access_denied@job', 'told in the job, its hold released', () =>
    failsWith('access_denied'),
  );
  provokes('native', 'malformed_request@job', 'told in the job, its hold released', () =>
    failsWith('malformed_request'),
  );
  provokes('native', 'parameter_missing@job', 'told in the job, its hold released', () =>
    failsWith('parameter_missing'),
  );
  provokes('native', 'invalid_parameter@job', 'told in the job, its hold released', () =>
    failsWith('invalid_parameter'),
  );
  provokes('native', 'parameter_conflict@job', 'told in the job, its hold released', () =>
    failsWith('parameter_conflict'),
  );
  provokes('native', 'parameter_not_allowed@job', 'told in the job, its hold released', () =>
    failsWith('parameter_not_allowed'),
  );
  provokes('native', 'source_media_required@job', 'told in the job, its hold released', () =>
    failsWith('source_media_required'),
  );
  provokes('native', 'invalid_media@job', 'told in the job, its hold released', () =>
    failsWith('invalid_media'),
  );
  provokes('native', 'media_too_large@job', 'told in the job, its hold released', () =>
    failsWith('media_too_large'),
  );
  provokes('native', 'media_unreadable@job', 'told in the job, its hold released', () =>
    failsWith('media_unreadable'),
  );
  provokes('native', 'media_too_short@job', 'told in the job, its hold released', () =>
    failsWith('media_too_short'),
  );
  provokes('native', 'model_not_found@job', 'told in the job, its hold released', () =>
    failsWith('model_not_found'),
  );
  provokes('native', 'model_unsupported@job', 'told in the job, its hold released', () =>
    failsWith('model_unsupported'),
  );
  provokes('native', 'model_inactive@job', 'told in the job, its hold released', () =>
    failsWith('model_inactive'),
  );
  provokes('native', 'model_paused@job', 'told in the job, its hold released', () =>
    failsWith('model_paused'),
  );
  provokes('native', 'model_not_billable@job', 'told in the job, its hold released', () =>
    failsWith('model_not_billable'),
  );
  provokes('native', 'model_misconfigured@job', 'told in the job, its hold released', () =>
    failsWith('model_misconfigured'),
  );
  provokes('native', 'no_route@job', 'told in the job, its hold released', () => failsWith('no_route'));
  provokes('native', 'insufficient_credits@job', 'told in the job, its hold released', () =>
    failsWith('insufficient_credits'),
  );
  provokes('native', 'payment_required@job', 'told in the job, its hold released', () =>
    failsWith('payment_required'),
  );
  provokes('native', 'unknown_pack@job', 'told in the job, its hold released', () =>
    failsWith('unknown_pack'),
  );
  provokes('native', 'charge_failed@job', 'told in the job, its hold released', () =>
    failsWith('charge_failed'),
  );
  provokes('native', 'not_found@job', 'told in the job, its hold released', () => failsWith('not_found'));
  provokes('native', 'route_not_found@job', 'told in the job, its hold released', () =>
    failsWith('route_not_found'),
  );
  provokes('native', 'method_not_allowed@job', 'told in the job, its hold released', () =>
    failsWith('method_not_allowed'),
  );
  provokes('native', 'invalid_state@job', 'told in the job, its hold released', () =>
    failsWith('invalid_state'),
  );
  provokes('native', 'idempotency_conflict@job', 'told in the job, its hold released', () =>
    failsWith('idempotency_conflict'),
  );
  provokes('native', 'rate_limited@job', 'told in the job, its hold released', () =>
    failsWith('rate_limited'),
  );
  provokes('native', 'concurrency_limited@job', 'told in the job, its hold released', () =>
    failsWith('concurrency_limited'),
  );
  provokes('native', 'queue_full@job', 'told in the job, its hold released', () => failsWith('queue_full'));
  provokes('native', 'limiter_unavailable@job', 'told in the job, its hold released', () =>
    failsWith('limiter_unavailable'),
  );
  provokes('native', 'content_rejected@job', 'told in the job, its hold released', () =>
    failsWith('content_rejected'),
  );
  provokes('native', 'upstream_failed@job', 'told in the job, its hold released', () =>
    failsWith('upstream_failed'),
  );
  provokes('native', 'upstream_timeout@job', 'told in the job, its hold released', () =>
    failsWith('upstream_timeout'),
  );
  provokes('native', 'upstream_rate_limited@job', 'told in the job, its hold released', () =>
    failsWith('upstream_rate_limited'),
  );
  provokes('native', 'upstream_unavailable@job', 'told in the job, its hold released', () =>
    failsWith('upstream_unavailable'),
  );
  provokes('native', 'upstream_invalid_result@job', 'told in the job, its hold released', () =>
    failsWith('upstream_invalid_result'),
  );
  provokes('native', 'outcome_unknown@job', 'told in the job, its hold released', () =>
    failsWith('outcome_unknown'),
  );
  provokes('native', 'internal_error@job', 'told in the job, its hold released', () =>
    failsWith('internal_error'),
  );
  provokes('native', 'storage_unavailable@job', 'told in the job, its hold released', () =>
    failsWith('storage_unavailable'),
  );
  provokes('native', 'shutting_down@job', 'told in the job, its hold released', () =>
    failsWith('shutting_down'),
  );
});

describe('the ledger', () => {
  it('has a release for every hold', async () => {
    const lines = await ledgerOf(gateway, account);
    const count = (wanted: string) => lines.filter((line) => line === wanted).length;
    expect([count('hold 0.01'), count('release 0.01')]).toEqual([46, 46]);
  });
});
