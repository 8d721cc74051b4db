import { expect, it, vi } from 'vitest';
import { Notices } from './notices.ts';

it('tells when the first listener comes and when the last has gone', () => {
  const audience: boolean[] = [];
  const notices = new Notices((present) => audience.push(present));
  const listener = vi.fn();
  const leaves = [notices.subscribe(listener), notices.subscribe(listener)];
  notices.emit({ kind: 'work' });
  expect(listener).toHaveBeenCalledTimes(2);
  for (const leave of [...leaves, ...leaves]) leave();
  expect(audience).toEqual([true, false]);
});

it('lets a listener that throws harm neither the writer nor the other listeners', async () => {
  const notices = new Notices(() => {});
  const uncaught = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
  const other = vi.fn();
  notices.subscribe(() => {
    throw new Error('bad listener');
  });
  notices.subscribe(other);
  notices.emit({ kind: 'work' });
  expect(other).toHaveBeenCalledOnce();
  expect(uncaught).toHaveBeenCalledOnce();
  uncaught.mockRestore();
});
