import { beforeEach, expect, it } from 'vitest';
import type { Provider, ProviderCapabilities } from '../../providers/port.ts';
import { silentLog } from '../../telemetry/log.ts';
import { scripted } from '../../testing/scripted-provider.ts';
import { type Configured, ProviderSet } from './provider-set.ts';

let now: number;
let closed: string[];
let set: ProviderSet;

const configured = (name: string, identity: string, can: Partial<ProviderCapabilities> = {}): Configured => {
  const close: Provider['close'] = async () => void closed.push(identity);
  return { provider: scripted(name, [], can, { close }), identity };
};
const old = (can?: Partial<ProviderCapabilities>) => configured('up', 'old', can);
const open = (...first: Configured[]) => new ProviderSet(first, { now: () => now, log: silentLog });

beforeEach(() => {
  now = 1_000;
  closed = [];
  set = open(old());
});

it('gives new work the provider of now, and closes the former one when nobody uses it', () => {
  const held = set.hold('up');
  const next = configured('up', 'new');
  set.replace([next]);
  expect(set.get('up')).toBe(next.provider);
  expect(held?.provider).not.toBe(next.provider);
  const shared = held?.share();
  held?.release();
  held?.release();
  expect(closed).toEqual([]);
  shared?.release();
  expect(closed).toEqual(['old']);
});

it('closes at once what nobody uses, and knows a removed name no more', () => {
  set.replace([]);
  expect(closed).toEqual(['old']);
  expect([set.has('up'), set.hold('up')]).toEqual([false, undefined]);
});

it('lets those that stay the same go on', () => {
  const same = old();
  set = open(same);
  const held = set.hold('up');
  set.replace([same, configured('more', 'more')]);
  held?.release();
  expect(closed).toEqual([]);
  expect(set.has('more')).toBe(true);
});

it('keeps a provider for work that is looked at again, until it is dropped', () => {
  const held = set.hold('up');
  if (held !== undefined) set.keep('gen 1', held);
  held?.release();
  set.replace([]);
  const again = set.kept('gen 1');
  expect(again?.provider.name).toBe('up');
  again?.release();
  expect([closed, set.keptWork()]).toEqual([[], ['gen 1']]);
  set.drop('gen 1');
  expect([closed, set.kept('gen 1')]).toEqual([['old'], undefined]);
});

it('ends everything once, what is still used too, and what comes after its end', async () => {
  const held = set.hold('up');
  set.replace([configured('up', 'new')]);
  await set.close();
  held?.release();
  expect(closed.toSorted()).toEqual(['new', 'old']);
  set.replace([configured('up', 'late')]);
  expect(closed).toContain('late');
});

it('knows which attempts were made where a name leads now', () => {
  const before = { provider: 'up', startedAt: 999 };
  expect(set.knows(before)).toBe(true);
  set.replace([configured('up', 'old')]);
  expect(set.knows(before)).toBe(true);
  set.replace([configured('up', 'new')]);
  expect(set.knows(before)).toBe(false);
  expect(set.knows({ provider: 'up', startedAt: 1_000 })).toBe(false);
  expect(set.knows({ provider: 'up', startedAt: 1_001 })).toBe(true);
});

it('does not take what another provider honours for what the former one did', () => {
  const before = { provider: 'up', startedAt: 999 };
  set = open(old({ safeToResend: true }));
  expect(set.capabilitiesAt(before)).toMatchObject({ safeToResend: true });
  set.replace([configured('up', 'new', { safeToResend: true, free: true })]);
  expect(set.capabilitiesAt(before)).toMatchObject({ safeToResend: false });
  expect(set.capabilitiesAt(before)?.free).toBeUndefined();
  expect(set.capabilitiesAt({ provider: 'up', startedAt: now + 1 })).toMatchObject({ free: true });
  set.replace([]);
  expect(set.capabilitiesAt({ provider: 'up', startedAt: now + 1 })).toMatchObject({ free: true });
  expect(set.capabilitiesAt({ provider: 'other', startedAt: now + 1 })).toBeUndefined();
});

it('sends again what was lost at one that was free', () => {
  set = open(old({ free: true, safeToResend: true }));
  set.replace([configured('up', 'new')]);
  expect(set.capabilitiesAt({ provider: 'up', startedAt: 999 })).toMatchObject({
    free: true,
    safeToResend: true,
  });
});

it('remembers what a name led to for a hundred changes, and takes what is older for unknown', () => {
  const first = { provider: 'up', startedAt: now };
  const change = (count: number) => {
    for (let n = 0; n < count; n += 1) {
      now += 1;
      set.replace([configured('up', `${now}`)]);
    }
  };
  change(99);
  expect(set.capabilitiesAt(first)).toMatchObject({ safeToResend: false });
  change(1);
  expect(set.capabilitiesAt(first)).toBeUndefined();
  expect(set.knows({ provider: 'up', startedAt: now + 1 })).toBe(true);
});
