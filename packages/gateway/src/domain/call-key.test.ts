import { describe, expect, it } from 'vitest';
import { callKey, isFoundLater, isResolved } from './call-key.ts';
import type { Attempt } from './generation.ts';

const attempt = (
  n: number,
  route: string,
  upstreamId: string | null,
  outcome: Attempt['outcome'],
): Attempt => {
  const [provider = '', model = ''] = route.split('/');
  return {
    n,
    provider,
    model,
    upstreamId,
    outcome,
    error: null,
    cost: null,
    lostCalls: 0,
    startedAt: 0,
    endedAt: 0,
  };
};
const at = (n: number, route: string) => attempt(n, route, null, null);

describe('callKey', () => {
  it('is the id of the generation at first, and while nobody knows what became of the call', () => {
    expect(callKey('gen_1', at(1, 'p/m'), [])).toBe('gen_1');
    const lost = attempt(1, 'p/m', null, 'outcome_unknown');
    const refused = attempt(2, 'p/m', null, 'failed');
    expect(callKey('gen_1', at(2, 'p/m'), [lost])).toBe('gen_1');
    expect(callKey('gen_1', at(3, 'p/m'), [lost, refused])).toBe('gen_1');
  });

  it('is new after the end of a job, and at another route', () => {
    const attempts = [
      attempt(1, 'p/m', null, 'outcome_unknown'),
      attempt(2, 'p/m', 'job_1', 'failed'),
      attempt(3, 'p/m', null, 'outcome_unknown'),
    ];
    expect(callKey('gen_1', at(3, 'p/m'), attempts)).toBe('gen_1-3');
    expect(callKey('gen_1', at(4, 'p/m'), attempts)).toBe('gen_1-3');
    expect(callKey('gen_1', at(4, 'p/other'), attempts)).toBe('gen_1-4');
  });

  it('stays what it was for an attempt that is resumed', () => {
    const attempts = [attempt(1, 'p/m', 'job_1', 'failed'), attempt(2, 'p/m', 'job_2', null)];
    expect(callKey('gen_1', at(2, 'p/m'), attempts)).toBe('gen_1-2');
  });
});

describe('isResolved', () => {
  const lost = attempt(1, 'p/m', null, 'outcome_unknown');

  it('by the end of the job that was found under the same key', () => {
    expect(isResolved(lost, [lost, attempt(2, 'p/m', 'job_1', 'failed')])).toBe(true);
  });

  it.each([
    ['nothing later', []],
    ['a refusal', [attempt(2, 'p/m', null, 'failed')]],
    ['another route', [attempt(2, 'p/other', 'job_1', 'failed')]],
    ['a job whose end is unknown', [attempt(2, 'p/m', 'job_1', 'outcome_unknown')]],
  ])('but not by %s', (_, later) => {
    expect(isResolved(lost, [lost, ...later])).toBe(false);
  });
});

describe('isFoundLater', () => {
  const lost = attempt(1, 'p/m', null, 'outcome_unknown');
  const again = attempt(2, 'p/m', null, 'outcome_unknown');

  it.each([
    ['the job that the same key made', [attempt(2, 'p/m', 'job_1', 'failed')]],
    ['the same, after more that was lost', [again, attempt(3, 'p/m', 'job_1', 'late')]],
    ['the result', [attempt(2, 'p/m', null, 'succeeded')]],
  ])('by %s', (_, later) => {
    expect(isFoundLater(lost, [lost, ...later])).toBe(true);
  });

  it.each([
    ['nothing later', []],
    ['what was lost again', [again]],
    ['a refusal', [attempt(2, 'p/m', null, 'failed')]],
    ['another route', [attempt(2, 'p/other', 'job_1', 'succeeded')]],
  ])('but not by %s', (_, later) => {
    expect(isFoundLater(lost, [lost, ...later])).toBe(false);
  });

  it('not by a job under a newer key', () => {
    const attempts = [attempt(1, 'p/m', 'job_1', 'failed'), again, attempt(3, 'p/m', 'job_3', 'succeeded')];
    expect(isFoundLater(again, attempts)).toBe(true);
    expect(isFoundLater(attempt(1, 'p/m', 'job_1', 'outcome_unknown'), attempts)).toBe(false);
  });
});
