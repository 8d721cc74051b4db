import { encodeCursor } from '../packages/gateway/src/store/sqlite/cursor.ts';
import { type ServedGateway, serveGateway } from './gateway.ts';
import { type LoadJob, type LoadResult, rawRequest } from './load.ts';
import { seededId, seedHistory } from './seed.ts';

export interface FlatRow {
  readonly name: string;
  readonly small: LoadResult;
  readonly large: LoadResult;
}

interface History {
  readonly gateway: ServedGateway;
  readonly size: number;
  readonly key: string;
}

/** A gateway with one customer, who has a history of `size` generations. */
export async function serveHistory(dataDir: string, size: number): Promise<History> {
  const before = await serveGateway({ dataDir });
  const { accountId, key } = await before.customer({ creditUsd: '10.00' });
  await before.stop();
  seedHistory(dataDir, accountId, size);
  return { gateway: await serveGateway({ dataDir }), size, key };
}

/** More than a connection's caches hold, so that reads go to different pages. */
const DIFFERENT = 20_000;

export function readsOf({ key, size }: History): readonly { name: string; requests: readonly string[] }[] {
  const get = (path: string): string =>
    rawRequest({
      method: 'GET',
      path: `/kiara/v1/generations${path}`,
      headers: { authorization: `Bearer ${key}` },
    });
  const anywhere = (): number => 1 + Math.floor(Math.random() * size);
  return [
    {
      name: 'read by id, any of them',
      requests: Array.from({ length: DIFFERENT }, () => get(`/${seededId('gen_', anywhere())}`)),
    },
    { name: 'list, first page', requests: [get('')] },
    {
      name: 'list, pages anywhere',
      requests: Array.from({ length: DIFFERENT }, () => get(`?cursor=${encodeCursor(anywhere())}`)),
    },
    {
      name: 'list, failed ones anywhere',
      requests: Array.from({ length: DIFFERENT }, () =>
        get(`?status=failed&cursor=${encodeCursor(anywhere())}`),
      ),
    },
  ];
}

/** Reads of a small and of a large history in turn; the median round of each. */
export async function measureFlatness(
  small: History,
  large: History,
  ask: (job: LoadJob) => Promise<LoadResult>,
  { rounds, milliseconds, connections }: { rounds: number; milliseconds: number; connections: number },
): Promise<readonly FlatRow[]> {
  const largeReads = readsOf(large);
  const rows: FlatRow[] = [];
  for (const [index, { name, requests }] of readsOf(small).entries()) {
    const smallRuns: LoadResult[] = [];
    const largeRuns: LoadResult[] = [];
    for (let round = 0; round < rounds; round += 1) {
      smallRuns.push(await ask({ port: small.gateway.port, connections, milliseconds, requests }));
      largeRuns.push(
        await ask({
          port: large.gateway.port,
          connections,
          milliseconds,
          requests: largeReads[index]?.requests ?? [],
        }),
      );
    }
    rows.push({ name, small: medianRun(smallRuns), large: medianRun(largeRuns) });
  }
  return rows;
}

/** Where the 429 row has a limit of one call a minute, one call may pass. */
const STRAYS = 1;

/** The run with the median rate. @throws if answers had another status */
export function medianRun(runs: readonly LoadResult[], status = 200): LoadResult {
  for (const { statuses } of runs) {
    const { [status]: expected = 0, ...others } = statuses;
    const strays = Object.values(others).reduce((sum, n) => sum + n, 0);
    if (expected === 0 || strays > STRAYS) throw new Error(`expected ${status}: ${JSON.stringify(statuses)}`);
  }
  const median = [...runs].sort((a, b) => a.perSecond - b.perSecond)[Math.floor(runs.length / 2)];
  if (median === undefined) throw new Error('no runs');
  return median;
}
