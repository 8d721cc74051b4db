import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

const never = new AbortController().signal;

test('so many run at once, the others in their order, and who leaves is passed over', async () => {
  const turns = new Turns(2);
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const start = (name: string, signal = never) =>
    turns.take(() => {
      log.push(name);
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.set(name, resolve);
      return promise;
    }, signal);
  const leaving = new AbortController();
  const all = [start('a'), start('b'), start('c', leaving.signal), start('d')];
  await Promise.resolve();
  expect(log).toEqual(['a', 'b']);
  leaving.abort(new Error('left'));
  await expect(all[2]).rejects.toThrow('left');
  ends.get('a')?.();
  await all[0];
  await new Promise(setImmediate);
  expect(log).toEqual(['a', 'b', 'd']);
  ends.get('b')?.();
  ends.get('d')?.();
  await Promise.all([all[1], all[3]]);
});

test('a turn that fails is free again, and an aborted one never begins', async () => {
  const turns = new Turns(1);
  await expect(turns.take(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
  await expect(turns.take(() => Promise.resolve(1), AbortSignal.abort())).rejects.toThrow();
  expect(await turns.take(() => Promise.resolve(2), never)).toBe(2);
});
