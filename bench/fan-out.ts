import { execFileSync } from 'node:child_process';
import { customersOf } from './gateway.ts';
import { residentMb, startProcess } from './processes.ts';
import type { ProvidedAnswer, ProvidedQuestion } from './provided.ts';
import type { StreamsAnswer, StreamsQuestion } from './streams.ts';

/** What many open streams cost a process, and how soon they hear of an end. */
export interface FanOut {
  readonly streams: number;
  readonly kilobytesEach: number;
  readonly openedPerSecond: number;
  /** Milliseconds from the call of settle to the first byte at the client. */
  readonly one: { readonly p50: number; readonly p99: number };
  readonly all: { readonly p50: number; readonly p99: number };
}

/** The number of jobs that end one by one while all streams are open. */
const SINGLES = 300;
/** The number of files that a process has open besides its streams. */
const OTHER_FILES = 500;
const IDLE_MS = 2_000;

/** As many streams as requested, or as the limit on open files allows. */
export function streamsAllowed(wanted: number): number {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return limit === 'unlimited' ? wanted : Math.min(wanted, Number(limit) - OTHER_FILES);
}

/**
 * Two thirds of the streams watch the same job, the others a job each. First some of the latter end one by one, then the job with many
 * watchers ends.
 */
export async function measureFanOut(dataDir: string, streams: number): Promise<FanOut> {
  const gateway = startProcess<ProvidedQuestion, ProvidedAnswer>('./provided-process.ts');
  const client = startProcess<StreamsQuestion, StreamsAnswer>('./streams-process.ts');
  const port = await gateway.ask({ ask: 'start', dataDir, worker: false, upstream: undefined });
  const { key } = await customersOf(port)({ dialect: 'native', creditUsd: '1000000.00' });
  const own = await createMany(port, key, Math.ceil(streams / 3));
  const [shared = ''] = await createMany(port, key, 1);
  const watchers = streams - own.length;

  await client.ask({ ask: 'open', port, key, ids: own.slice(0, 1) }); // keeps the one-time cost of loading code out of the measurement
  await sleep(IDLE_MS);
  const before = residentMb(gateway.pid);
  const begin = performance.now();
  await client.ask({
    ask: 'open',
    port,
    key,
    ids: [...own.slice(1), ...Array.from({ length: watchers }, () => shared)],
  });
  const seconds = (performance.now() - begin) / 1000;
  await sleep(IDLE_MS);
  const kilobytesEach = ((residentMb(gateway.pid) - before) * 1024) / (streams - 1);

  const singles: number[] = [];
  for (const id of own.slice(0, SINGLES)) {
    const at = await gateway.ask({ ask: 'end', id });
    for (const moment of await client.ask({ ask: 'ended', count: 1 })) singles.push(moment - at);
  }
  const at = await gateway.ask({ ask: 'end', id: shared });
  const many = (await client.ask({ ask: 'ended', count: watchers })).map((moment) => moment - at);

  await client.ask({ ask: 'close' });
  await client.stop();
  await gateway.ask({ ask: 'stop' });
  await gateway.stop();
  return {
    streams,
    kilobytesEach,
    openedPerSecond: (streams - 1) / seconds,
    one: quantiles(singles),
    all: quantiles(many),
  };
}

const AT_ONCE = 64;

async function createMany(port: number, key: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const response = await fetch(`http://127.0.0.1:${port}/v1/generations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'genlock/image', input: { prompt: 'a red mug' } }),
      });
      const { id } = (await response.json()) as { id?: string };
      if (id === undefined) throw new Error(`create: ${response.status}`);
      ids.push(id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return ids;
}

function quantiles(times: readonly number[]): { p50: number; p99: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
