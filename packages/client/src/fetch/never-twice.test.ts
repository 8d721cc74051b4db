import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Behaviour,
  drop,
  dropAfterWork,
  hang,
  refuse,
  refuseAfterWork,
  startBadServer,
  truncate,
  well,
} from '../../testing/bad-server.ts';
import { CREATE, callerOf } from '../../testing/calls.ts';
import type { DialectName } from '../index.ts';

const KEYED: readonly DialectName[] = ['kiara', 'native'];
const dialects = Object.keys(CREATE) as DialectName[];

const hints: fc.Arbitrary<Record<string, string>> = fc.constantFrom<Record<string, string>>(
  {},
  { 'retry-after': '1' },
  { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' },
  { 'retry-after': 'soon' },
  { 'retry-after-ms': '5' },
  { 'x-should-retry': 'true' },
);
const bodies = fc.constantFrom<unknown>('', '<h1>Bad gateway</h1>', '{"error":', {}, { error: 'nope' });
const failure: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constantFrom(drop, dropAfterWork, truncate, hang, well),
  fc
    .tuple(fc.constantFrom(refuse, refuseAfterWork), fc.constantFrom(408, 500, 502, 503, 504), bodies, hints)
    .map(([told, ...answer]) => told(...answer)),
  fc.tuple(bodies, hints).map(([body, headers]) => refuse(429, body, headers)),
  // Answers from something in between: redirects, log-ins, missing pages.
  fc
    .constantFrom(301, 302, 303)
    .map((status) => refuseAfterWork(status, '', { location: 'http://127.0.0.1:1/' })),
  fc.tuple(fc.constantFrom(307, 308, 401, 403, 404, 410), bodies).map((answer) => refuse(...answer)),
);

it('a call is paid at most once, and never told as failed when it was, whatever happens', async () => {
  const calls = fc.record({
    dialect: fc.constantFrom(...dialects),
    failures: fc.array(failure, { maxLength: 6 }),
    attempts: fc.integer({ min: 1, max: 5 }),
    optionalKeys: fc.boolean(),
    closed: fc.integer({ min: 0, max: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(calls, async ({ dialect, failures, attempts, optionalKeys, closed }) => {
      const keyed = KEYED.includes(dialect) || (dialect === 'getimg' && optionalKeys);
      // Only a call that is never answered takes this long.
      const options = { attempts, optionalKeys, ...(failures.includes(hang) && { deadlineMs: 60 }) };
      const server = await startBadServer({ keys: keyed });
      const { call } = callerOf(server);
      const { paid, end } = await call(dialect, failures, options, undefined, undefined, closed).finally(
        server.close,
      );
      expect(paid).toBeLessThanOrEqual(1);
      if (end === 200) expect(paid).toBe(1);
      if (paid === 1) expect([200, 'outcome_unknown']).toContain(end);
    }),
    { numRuns: 300 },
  );
});
