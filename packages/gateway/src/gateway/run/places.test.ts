import { describe, expect, it } from 'vitest';
import { type Bounds, type Owner, Places } from './places.ts';

const MOST = 64;
const a: Owner = { accountId: 'a', mode: 'live' };
const b: Owner = { accountId: 'b', mode: 'live' };
const tester: Owner = { accountId: 't', mode: 'test' };

function open(all: number, account = all, test = all, held = 100) {
  const bounds: Bounds = {
    working: { all, account, test },
    held: { all: held, account: held, test: held },
  };
  const freed = { count: 0 };
  const places = new Places(
    () => bounds,
    () => {
      freed.count += 1;
    },
  );
  const enter = (owner: Owner) => {
    const stop = new AbortController();
    return { stop, ...places.enter(owner, stop.signal) };
  };
  return { places, freed, enter };
}

describe('a place', () => {
  it('is free for others during a wait, and taken again behind it', async () => {
    const { places, enter } = open(1);
    const first = enter(a);
    expect(places.room(MOST).limit).toBe(0);
    const wait = Promise.withResolvers<string>();
    const rested = first.rest(() => wait.promise);
    expect(places.room(MOST).limit).toBe(1);
    const second = enter(b);
    wait.resolve('waited');
    const order: string[] = [];
    const back = rested.then((value) => order.push(value));
    await Promise.resolve();
    order.push('second works');
    second.leave();
    await back;
    expect(order).toEqual(['second works', 'waited']);
    expect(places.room(MOST).limit).toBe(0);
    first.leave();
    expect(places.room(MOST).limit).toBe(1);
  });

  it('counts among what is held, also while it waits', () => {
    const { places, enter } = open(2, 2, 2, 2);
    for (let n = 0; n < 2; n += 1) void enter(a).rest(() => new Promise(() => {}));
    expect(places.room(MOST)).toMatchObject({ limit: 0, scarce: false });
  });

  it('is one for several waits of the same work', async () => {
    const { places, enter } = open(1);
    const one = enter(a);
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const both = Promise.all([one.rest(() => first.promise), one.rest(() => second.promise)]);
    expect(places.room(MOST).limit).toBe(1);
    first.resolve();
    second.resolve();
    await both;
    expect(places.room(MOST).limit).toBe(0);
  });

  it('is not waited for by what is cut short: it ends, with the reason', async () => {
    const { places, enter } = open(1);
    const first = enter(a);
    const wait = Promise.withResolvers<void>();
    const rested = first.rest(() => wait.promise);
    const second = enter(b);
    wait.resolve();
    await Promise.resolve();
    first.stop.abort('canceled');
    await expect(rested).rejects.toBe('canceled');
    expect(places.room(MOST).limit).toBe(-1);
    second.leave();
    first.leave();
    expect(places.room(MOST).limit).toBe(1);
  });

  it('that falls free goes to waits and to new work in turn, where both want it', async () => {
    const { places, freed, enter } = open(2);
    const workers = [enter(a), enter(a)];
    const back: string[] = [];
    const resting = ['1', '2'].map((name) => {
      const one = enter(b);
      const rested = one.rest(async () => {}).then(() => back.push(name));
      return { one, rested };
    });
    await Promise.resolve();
    places.claimed(true);
    workers[0]?.leave();
    await new Promise(setImmediate);
    expect({ freed: freed.count, back }).toEqual({ freed: 1, back: [] });
    expect(places.room(MOST).limit).toBe(1);
    workers[1]?.leave();
    await resting[0]?.rested;
    expect(back).toEqual(['1']);
    places.claimed(false);
    await resting[1]?.rested;
    expect(back).toEqual(['1', '2']);
  });
});

describe('room', () => {
  it('is less for an account that has much, and for test work', () => {
    const { places, enter } = open(10, 8, 5);
    for (let n = 0; n < 4; n += 1) enter(a);
    enter(tester);
    expect(places.room(MOST)).toEqual({
      limit: 5,
      room: { each: 8, accounts: { a: 4 }, test: 4 },
      partial: true,
      scarce: true,
    });
  });

  it('is for all where nobody is near a bound', () => {
    const { places, enter } = open(200, 180, 100);
    enter(a);
    expect(places.room(MOST)).toMatchObject({ limit: 64, room: { accounts: {} }, partial: false });
  });
});
