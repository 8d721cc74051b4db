import { describe, expect, it } from 'vitest';
import type { Attempt } from './generation.ts';
import { decideRecovery } from './recovery-decision.ts';

const open: Attempt = {
  n: 1,
  provider: 'p',
  model: 'm',
  upstreamId: null,
  outcome: null,
  error: null,
  cost: null,
  lostCalls: 0,
  startedAt: 0,
  endedAt: null,
};

describe('decideRecovery', () => {
  it('starts when nothing was under way', () => {
    expect(decideRecovery(undefined, undefined).kind).toBe('start');
    expect(decideRecovery({ ...open, outcome: 'failed', endedAt: 1 }, { safeToResend: false }).kind).toBe(
      'start',
    );
  });

  it('resumes what the provider is known to have taken on, paid or free', () => {
    const attempt = { ...open, upstreamId: 'up_1' };
    expect(decideRecovery(attempt, { safeToResend: false })).toEqual({
      kind: 'resume',
      attempt,
      upstreamId: 'up_1',
    });
  });

  it('resends an ambiguous call only where that costs nothing', () => {
    expect(decideRecovery(open, { safeToResend: true }).kind).toBe('resend');
    expect(decideRecovery(open, { safeToResend: false }).kind).toBe('reconcile');
    expect(decideRecovery(open, undefined).kind).toBe('reconcile');
  });
});
