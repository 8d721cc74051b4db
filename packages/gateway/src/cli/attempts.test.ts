import { afterAll, beforeAll, expect, it } from 'vitest';
import { orderImage } from '../admin/testing.ts';
import { GenlockError } from '../domain/error.ts';
import { waitForEnd } from '../gateway/waiting/wait.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { scripted } from '../testing/scripted-provider.ts';
import { type Outcome, run } from './testing.ts';

let gateway: TestGateway;
const dead = () => {
  throw new GenlockError('upstream_failed', undefined, { accepted: 'maybe', raw: 'the line went dead' });
};
beforeAll(async () => {
  gateway = await startTestGateway({ providers: [scripted('paid', [dead])] });
  const routes = [{ provider: 'paid', model: 'imagine' }];
  await gateway.admin('PATCH', '/models/kiara/kiara-vogue', { routes });
});
afterAll(() => gateway.close());

const attempts = (...args: string[]): Promise<Outcome> =>
  run(['attempts', ...args, '--data', gateway.dataDir]);
const listed = async (...args: string[]) => {
  const { code, stdout, stderr } = await attempts(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout).data.map((one: Record<string, unknown>) => [one.generation_id, one.outcome]);
};

it('shows what may have to be paid, of all outcomes or of one, newest first', async () => {
  expect((await attempts()).stdout).toBe('Nothing is flagged: no call may have to be paid for nothing.\n');

  const { key } = await gateway.customer();
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const id = await orderImage(gateway, key.key);
    await waitForEnd(gateway.core, id, 20_000);
    ids.push(id);
  }
  const [first = '', second = '', third = ''] = ids;
  const late = { generationId: second, n: 1, outcome: 'late', upstreamId: 'job_1', now: Date.now() } as const;
  expect(await gateway.core.store.resolveAttempt(late)).toBe(true);

  const all = [
    [third, 'outcome_unknown'],
    [second, 'late'],
    [first, 'outcome_unknown'],
  ];
  expect(await listed()).toEqual(all);
  expect(await listed('--limit', '2')).toEqual(all.slice(0, 2));
  expect(await listed('--outcome', 'late')).toEqual([[second, 'late']]);
  expect(await listed('--outcome', 'abandoned')).toEqual([]);

  const [head = '', row = '', ...rest] = (await attempts('--outcome', 'late')).stdout.trimEnd().split('\n');
  expect(head).toMatch(
    /^started +outcome +route +job there +lost +cost +quoted +generation +ordered +error$/,
  );
  expect(row).toMatch(
    /Z +late +paid\/imagine +job_1 +\$0\.\d+ +\S+ #1 +kiara\/kiara-vogue +upstream_failed$/,
  );
  expect(rest).toEqual([]);
});
