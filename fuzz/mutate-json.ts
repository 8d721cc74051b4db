import type { Dice } from './dice.ts';
import { jsonText } from './json-text.ts';
import { HUGE, Members, NAMES, NUMBERS, STRINGS } from './nasty.ts';

type Path = readonly (string | number)[];

/** The value with one change somewhere. `url` returns a URL that must not be fetched. */
export function mutateJson(dice: Dice, value: unknown, url: () => string): unknown {
  const places = [...placesIn(value)];
  const place = dice.one(places);
  return withChange(value, place, (old) => change(dice, old, url));
}

/** All places in a value, including the root. Of a long list, only some, because they are all alike. */
function* placesIn(value: unknown, at: Path = []): Generator<Path> {
  yield at;
  if (Array.isArray(value))
    for (const [n, item] of value.slice(0, 4).entries()) yield* placesIn(item, [...at, n]);
  else if (isPlain(value)) for (const name of Object.keys(value)) yield* placesIn(value[name], [...at, name]);
}

function withChange(value: unknown, [step, ...rest]: Path, changed: (old: unknown) => unknown): unknown {
  if (step === undefined) return changed(value);
  if (Array.isArray(value))
    return value.map((item, n) => (n === step ? withChange(item, rest, changed) : item));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === step ? withChange(member, rest, changed) : member,
    ]),
  );
}

function change(dice: Dice, old: unknown, url: () => string): unknown {
  if (Array.isArray(old) && dice.chance(0.6))
    return dice.one<() => unknown>([
      () => [],
      () => [...old, ...old, ...old],
      () => Array.from({ length: 3_000 }, () => old[0] ?? 1),
      () => [old],
      () => [null, ...old],
      () => ({ ...old }),
    ])();
  if (isPlain(old) && dice.chance(0.7)) return changeMembers(dice, old, url);
  if (typeof old === 'string' && /^[a-z]+:\/\//i.test(old) && dice.chance(0.7)) return url();
  return dice.weighted<() => unknown>([
    [5, () => dice.one(STRINGS)],
    [4, () => dice.one(NUMBERS)],
    [2, () => (typeof old === 'number' ? nearby(dice, old) : jsonText(old))],
    [1, () => null],
    [1, () => dice.chance(0.5)],
    [1, () => []],
    [1, () => ({})],
    [1, () => [old]],
    [1, () => ({ value: old })],
    [1, url],
    [0.5, () => dice.one(HUGE)()],
  ])();
}

function changeMembers(dice: Dice, old: Record<string, unknown>, url: () => string): unknown {
  const members = Object.entries(old);
  const [name, value] = members.length === 0 ? ['x', 1] : dice.one(members);
  return dice.one<() => unknown>([
    () => Object.fromEntries(members.filter(([one]) => one !== name)),
    () => Object.fromEntries(members.filter(([one]) => one !== name)),
    () => new Members([...members, [dice.one(NAMES), { polluted: true, isAdmin: true }]]),
    () => new Members([...members, [dice.one(NAMES), dice.one(STRINGS)]]),
    () => new Members([...members, [name, value]]),
    () => new Members([[name, dice.one(NUMBERS)], ...members]),
    () => new Members([...members, [name, url()]]),
    () =>
      Object.fromEntries(members.map(([one, member]) => [one === name ? one.toUpperCase() : one, member])),
    () => Object.fromEntries(members.map(([one]) => [one, null])),
    () => ({ ...old, [name]: { [name]: value } }),
    () => ({}),
    () => members,
  ])();
}

function nearby(dice: Dice, old: number): unknown {
  return dice.one([old + 1, old - 1, -old, old * 2, old + 0.5, old * 1e6, String(old)]);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
