import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { ImageJob, VideoJob } from './jobs.ts';
import { MediaPool, type MediaPoolOptions } from './pool.ts';

const image = (seed = 1): ImageJob => ({
  kind: 'image',
  prompt: 'a tree',
  seed,
  width: 64,
  height: 64,
  format: 'png',
  sources: [],
});
const longVideo: VideoJob = {
  kind: 'video',
  prompt: 'x',
  seed: 1,
  width: 1920,
  height: 1080,
  durationSeconds: 600,
  sound: false,
};

const pools: MediaPool[] = [];
function pool(options: MediaPoolOptions = {}): MediaPool {
  const made = new MediaPool(options);
  pools.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map((each) => each.close()));
});

/** A worker that runs the given lines for each `job`; `done(n)` answers with one byte. */
const acting = (lines: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads';
      const done = (n) => parentPort.postMessage({ ok: true, result: { bytes: new Uint8Array([n]), contentType: 'x/y' } });
      parentPort.on('message', (job) => { ${lines} });`)}`,
  );

describe('a pool', () => {
  test('starts no thread until a job comes, and ends idle ones', async () => {
    const p = pool({ size: 2, idleMs: 20 });
    expect(p.workers).toBe(0);
    await p.run(image());
    expect(p.workers).toBe(1);
    await expect.poll(() => p.workers).toBe(0);
    expect((await p.run(image())).contentType).toBe('image/png');
  });

  test('gives the same bytes from two threads', async () => {
    const video: VideoJob = { ...longVideo, width: 128, height: 96, durationSeconds: 1, sound: true };
    const p = pool({ size: 2 });
    const [a, b, c, d] = await Promise.all([p.run(video), p.run(video), p.run(image()), p.run(image())]);
    expect(p.workers).toBe(2);
    expect(Buffer.compare(a.bytes, b.bytes)).toBe(0);
    expect(Buffer.compare(c.bytes, d.bytes)).toBe(0);
  });

  test('serves first come, first served', async () => {
    const p = pool({ size: 1, entry: acting('done(job.seed)') });
    const order: number[] = [];
    await Promise.all(
      [3, 1, 2].map((seed) => p.run(image(seed)).then(({ bytes }) => order.push(bytes[0] ?? -1))),
    );
    expect(order).toEqual([3, 1, 2]);
  });

  test('passes a broken source on as what it is', async () => {
    await expect(pool().run({ ...image(), sources: [new Uint8Array(9)] })).rejects.toMatchObject({
      name: 'SourceMediaError',
    });
  });

  test('ends a running job on abort, and goes on with the next', async () => {
    const p = pool({ size: 1 });
    const stop = new AbortController();
    const running = p.run(longVideo, stop.signal);
    const next = p.run(image());
    await sleep(100);
    stop.abort(new Error('no longer wanted'));
    await expect(running).rejects.toThrow('no longer wanted');
    expect((await next).width).toBe(64);
  });

  test('drops a waiting job on abort, without touching the running one', async () => {
    const p = pool({ size: 1, entry: acting('setTimeout(() => done(job.seed), 50)') });
    const stop = new AbortController();
    const running = p.run(image(5));
    const waiting = p.run(image(6), stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect((await running).bytes).toEqual(new Uint8Array([5]));
    await expect(p.run(image(), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  test.each([
    ['exits', 'process.exit(3)', 'ended with code 3'],
    ['throws', 'throw new Error("boom")', 'boom'],
  ])('rejects the job of a worker that %s, and replaces it', async (_, act, message) => {
    const p = pool({ size: 1, entry: acting(`if (job.seed === 13) { ${act} } else done(job.seed)`) });
    const [crashed, next] = await Promise.allSettled([p.run(image(13)), p.run(image(2))]);
    expect(crashed).toMatchObject({ status: 'rejected', reason: { name: 'MediaWorkerError' } });
    expect(String((crashed as PromiseRejectedResult).reason)).toContain(message);
    expect(next.status).toBe('fulfilled');
  });

  test('rejects what waits and runs when closed', async () => {
    const p = pool({ size: 1 });
    const both = Promise.allSettled([p.run(longVideo), p.run(image())]);
    await p.close();
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(p.workers).toBe(0);
    await expect(p.run(image())).rejects.toThrow('closed');
  });
});
