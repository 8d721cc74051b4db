import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Circuit,
  type CircuitPolicy,
  enter,
  failureRatio,
  HEALTHY,
  readyAt,
  report,
  type Sign,
} from './circuit.ts';

const policy: CircuitPolicy = {
  window: 10,
  minCalls: 4,
  failureRatio: 0.5,
  forgetMs: 60_000,
  openMs: 1_000,
  maxOpenMs: 8_000,
  brokenOpenMs: 30_000,
  restMs: 100,
};
const START = 1_760_000_000_000;
const ok: Sign = { kind: 'succeeded' };
const bad: Sign = { kind: 'failed', error: 'upstream_failed' };
const broken: Sign = { kind: 'broken', error: 'model_misconfigured' };
const limited = (retryAfterMs: number): Sign => ({ kind: 'rate_limited', retryAfterMs });

/** A route with its clock; each call enters before it reports. */
class Route {
  circuit: Circuit = HEALTHY;
  now = START;
  probes = 0;

  call(sign: Sign, random = 0.5): this {
    const { circuit, probe } = enter(this.circuit, policy, this.now);
    if (probe) this.probes += 1;
    this.circuit = report(circuit, sign, probe, policy, this.now, random);
    return this;
  }
  waitUntilReady(): this {
    this.now = Math.max(this.now, readyAt(this.circuit));
    return this;
  }
  get restsMs(): number {
    return readyAt(this.circuit) - this.now;
  }
}
const many = (signs: readonly Sign[]): Route =>
  signs.reduce((route: Route, sign) => route.call(sign), new Route());

const sign = fc.oneof(
  fc.constantFrom<Sign>(ok, bad, broken, { kind: 'accepted' }, { kind: 'nothing' }, { kind: 'rate_limited' }),
  fc.nat(5_000).map(limited),
);
const step = fc.record({ sign, gap: fc.oneof(fc.constant(0), fc.nat(20_000)), random: fc.nat(99) });

describe('a circuit', () => {
  it('opens when enough of enough calls failed', () => {
    expect(many([bad, bad, bad]).circuit.phase).toBe('closed');
    expect(many([ok, ok, bad, bad]).circuit).toMatchObject({ phase: 'open', cause: 'upstream_failed' });
    expect(many([ok, ok, ok, bad, bad, ok, ok]).circuit.phase).toBe('closed');
  });

  it('looks at the last calls only', () => {
    const calls = many([...Array(100).fill(ok), bad, bad, bad, bad]);
    expect(calls.circuit.phase).toBe('closed');
    expect(failureRatio(calls.circuit)).toBe(0.4);
    expect(calls.call(bad).circuit.phase).toBe('open');
  });

  it('forgets what was long ago', () => {
    const route = many([bad, bad, bad]);
    route.now += policy.forgetMs + 1;
    expect(route.call(bad).circuit).toMatchObject({ phase: 'closed', seen: 1 });
  });

  it('lets one probe through, and closes when that one does well', () => {
    const route = many([bad, bad, bad, bad]).waitUntilReady();
    const first = enter(route.circuit, policy, route.now);
    expect(first.probe).toBe(true);
    expect(enter(first.circuit, policy, route.now).probe).toBe(false);
    expect(readyAt(first.circuit)).toBe(route.now + policy.openMs);
    expect(report(first.circuit, ok, true, policy, route.now, 0)).toBe(HEALTHY);
  });

  it('does not wait for ever for a probe that never comes back', () => {
    const route = many([bad, bad, bad, bad]).waitUntilReady();
    const lost = enter(route.circuit, policy, route.now);
    expect(enter(lost.circuit, policy, route.now + policy.openMs).probe).toBe(true);
  });

  it('closes when the probe was taken on, and stays as wary as it was until something succeeds', () => {
    const route = many([bad, bad, bad, bad]).waitUntilReady().call({ kind: 'accepted' });
    expect(route.circuit).toMatchObject({ phase: 'closed', trips: 1 });
    expect([bad, bad, bad, bad].reduce((same: Route, one) => same.call(one), route).circuit.trips).toBe(2);
    expect(many([ok]).circuit.trips).toBe(0);
  });

  it('stays open for longer each time, up to a bound, and never so long or short as another', () => {
    const route = many([bad, bad, bad, bad]);
    const rests = [route.restsMs];
    for (let again = 0; again < 5; again += 1) rests.push(route.waitUntilReady().call(bad).restsMs);
    expect(rests).toEqual([750, 1_500, 3_000, 6_000, 6_000, 6_000]);
    expect(new Route().call(broken, 0).restsMs).toBe(15_000);
    expect(new Route().call(broken, 0.999).restsMs).toBe(29_985);
  });

  it('opens at once, and for long, for what only the operator can mend', () => {
    const route = new Route().call(broken);
    expect(route.circuit).toMatchObject({ phase: 'open', cause: 'model_misconfigured', trips: 0 });
    expect(route.restsMs).toBe(22_500);
  });

  it('rests as long as the provider asks, and holds that against nobody', () => {
    const route = new Route().call(limited(5_000));
    expect(route.circuit).toMatchObject({ phase: 'closed', seen: 0 });
    expect(route.restsMs).toBe(5_000);
    expect(route.call(limited(10)).restsMs).toBe(5_000);
    expect(new Route().call({ kind: 'rate_limited' }).restsMs).toBe(policy.restMs);
  });

  it('asks again after a probe that told nothing', () => {
    const route = many([bad, bad, bad, bad]).waitUntilReady().call({ kind: 'nothing' });
    expect(route.restsMs).toBe(0);
    expect(enter(route.circuit, policy, route.now).probe).toBe(true);
    expect(route.call(limited(700)).restsMs).toBe(700);
  });

  it('does not listen to calls from before it opened', () => {
    const route = many([bad, bad, bad, bad]);
    expect(report(route.circuit, ok, false, policy, route.now, 0)).toBe(route.circuit);
    expect(report(route.circuit, bad, false, policy, route.now, 0)).toBe(route.circuit);
    const { circuit } = enter(route.circuit, policy, route.waitUntilReady().now);
    expect(report(circuit, ok, false, policy, route.now, 0)).toBe(circuit);
  });

  it('is opened by nothing that is not the provider’s or the operator’s fault', () => {
    const harmless = sign.filter(({ kind }) => kind !== 'failed' && kind !== 'broken');
    fc.assert(
      fc.property(fc.array(harmless, { maxLength: 60 }), (signs) => many(signs).circuit.phase === 'closed'),
    );
  });

  it('is never left alone for longer than its bounds, and comes back whatever happened', () => {
    const longest = Math.max(policy.maxOpenMs, policy.brokenOpenMs, 5_000);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const route = new Route();
        for (const { sign, gap, random } of steps) {
          route.now += gap;
          route.call(sign, random / 100);
          expect(route.restsMs).toBeLessThanOrEqual(longest);
          expect(route.circuit.seen).toBeLessThanOrEqual(policy.window);
          expect(failureRatio(route.circuit)).toBeGreaterThanOrEqual(0);
          expect(failureRatio(route.circuit)).toBeLessThanOrEqual(1);
        }
        route.waitUntilReady().call(ok);
        expect(route.circuit.phase).toBe('closed');
        expect(route.restsMs).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('has at most one probe out at a time while probes come back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        let circuit = many([bad, bad, bad, bad]).circuit;
        let now = START;
        let outUntil = 0;
        for (const { gap } of steps) {
          now += gap % 1_500;
          const entered = enter(circuit, policy, now);
          circuit = entered.circuit;
          if (!entered.probe) continue;
          expect(now).toBeGreaterThanOrEqual(outUntil);
          outUntil = now + policy.openMs;
        }
      }),
    );
  });
});
