import { expect, it } from 'vitest';
import { newAccount } from '../conformance/fixtures.ts';
import { Writer } from './writer.ts';

const settings = { path: ':memory:', openedAt: 1, busyTimeoutMs: 10, maxBytes: undefined };

function thread(source: string): URL {
  return new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads';${source}`)}`,
  );
}

const endOfTurn = () => new Promise((resolve) => setImmediate(resolve));

const unavailable = { code: 'storage_unavailable' };

it.each([
  ['ends', 'process.exit(1)'],
  ['throws', `throw new Error('out of luck')`],
])('rejects what is pending and all that comes when the thread %s', async (_, death) => {
  const dying = thread(
    `parentPort.postMessage({ kind: 'ready' }); parentPort.on('message', () => { ${death} })`,
  );
  const writer = await Writer.open(settings, () => {}, dying);
  const first = writer.run('createAccount', newAccount());
  const second = Promise.resolve().then(() => writer.run('createAccount', newAccount()));
  // What the thread had may be on the disk; what it never got is not.
  await expect(first).rejects.toMatchObject({ ...unavailable, detail: { accepted: 'maybe' } });
  await expect(second).rejects.toMatchObject(unavailable);
  const after = writer.run('createAccount', newAccount());
  await expect(after).rejects.toMatchObject(unavailable);
  await expect(after).rejects.not.toMatchObject({ detail: { accepted: 'maybe' } });
  await writer.close();
});

it('rejects when the thread never gets ready', async () => {
  await expect(Writer.open(settings, () => {}, thread('process.exit(1)'))).rejects.toMatchObject(unavailable);
});

/** Answers every task with the size of its batch. */
const counting = thread(`
  parentPort.postMessage({ kind: 'ready' });
  parentPort.on('message', ({ kind, tasks }) => {
    if (kind === 'close') return parentPort.close();
    const size = tasks.length;
    setTimeout(() => parentPort.postMessage({ kind: 'done', outcomes: tasks.map(() => ({ ok: true, value: size })) }), 5);
  });`);

it('sends what gathers while a batch is on its way as the next batch, within bounds', async () => {
  const writer = await Writer.open(settings, () => {}, counting);
  const run = () => writer.run('createAccount', newAccount()) as Promise<unknown>;
  const first = run();
  await endOfTurn();
  const rest = Array.from({ length: 600 }, run);
  expect(await first).toBe(1);
  expect(new Set(await Promise.all(rest))).toEqual(new Set([512, 88]));
  await writer.close();
});

it('sends what one turn asks for together, and does not wait for its end where that is much', async () => {
  const writer = await Writer.open(settings, () => {}, counting);
  const run = () => writer.run('createAccount', newAccount()) as Promise<unknown>;
  const few = [run(), Promise.resolve().then(run), Promise.resolve().then(run)];
  expect(await Promise.all(few)).toEqual([3, 3, 3]);
  const many = Array.from({ length: 40 }, run);
  expect(new Set(await Promise.all(many))).toEqual(new Set([32, 8]));
  await writer.close();
});

it('rejects what cannot cross to the thread, and goes on', async () => {
  const writer = await Writer.open(settings, () => {});
  const odd = { ...newAccount(), name: (() => {}) as unknown as string };
  await expect(writer.run('createAccount', odd)).rejects.toMatchObject({ code: 'internal_error' });
  await expect(writer.run('createAccount', newAccount())).resolves.toBeUndefined();
  await writer.close();
});
