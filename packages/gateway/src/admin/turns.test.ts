import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('lets tasks of one name wait for each other, also for one that fails', async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turns.take('a', async () => {
    await gate.promise;
    seen.push('first');
    throw new Error('no');
  });
  const second = turns.take('a', async () => seen.push('second'));
  const other = turns.take('b', async () => seen.push('other'));
  await other;
  expect(seen).toEqual(['other']);
  gate.resolve();
  await expect(first).rejects.toThrow('no');
  await second;
  expect(seen).toEqual(['other', 'first', 'second']);
});
