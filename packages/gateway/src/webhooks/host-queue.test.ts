import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostQueue } from './host-queue.ts';

describe('HostQueue', () => {
  it('lets a host have so many, and others pass it', () => {
    const queue = new HostQueue<number>(10, 2);
    for (const n of [1, 2, 3]) queue.add('slow', n);
    queue.add('quick', 4);
    const taken = [queue.next(), queue.next(), queue.next(), queue.next()];
    expect(taken.map((one) => one?.item)).toEqual([1, 4, 2, undefined]);
    expect(queue.waitingFor('slow')).toBe(1);
    queue.done('slow');
    expect(queue.next()).toEqual({ host: 'slow', item: 3 });
  });

  it('keeps to both ceilings, keeps the order of a host, and loses nothing', () => {
    const step = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.constant('done'), fc.constant('next'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const queue = new HostQueue<number>(4, 2);
        const active: string[] = [];
        const taken: { host: string; item: number }[] = [];
        let added = 0;
        for (const what of steps) {
          if (what === 'done') {
            const host = active.shift();
            if (host !== undefined) queue.done(host);
          } else if (what === 'next') {
            const one = queue.next();
            if (one === undefined) continue;
            active.push(one.host);
            taken.push(one);
          } else {
            queue.add(what, added++);
          }
          expect(active.length).toBe(4 - queue.free);
          expect(active.length).toBeLessThanOrEqual(4);
          for (const host of ['a', 'b', 'c'])
            expect(active.filter((one) => one === host).length).toBeLessThanOrEqual(2);
        }
        for (const host of ['a', 'b', 'c']) {
          const items = taken.filter((one) => one.host === host).map(({ item }) => item);
          expect(items).toEqual([...items].sort((x, y) => x - y));
        }
        expect(taken.length + queue.clear().length).toBe(added);
      }),
    );
  });
});
