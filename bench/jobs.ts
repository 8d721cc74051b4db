import { join } from 'node:path';
import { hashSecret } from '../packages/gateway/src/gateway/accounts/authenticate.ts';
import { newId } from '../packages/gateway/src/gateway/ids.ts';
import { startGateway } from '../packages/gateway/src/server/start.ts';
import type { Store } from '../packages/gateway/src/store/port.ts';
import { openSqliteStore } from '../packages/gateway/src/store/sqlite/sqlite-store.ts';
import { silentLog } from '../packages/gateway/src/telemetry/log.ts';
import { finishedAtOnce, PIXEL, refusedAtOnce } from './providers.ts';
import { QUOTE, sampleAdmission } from './sample.ts';

/**
 * `store`: claim, begin and settle with the store alone. `worker`: the whole loop of a gateway, with a provider that is done at once. Of
 * the outputs, `text` is a file of two bytes per job, `image` is also decoded and measured, and `none` is a job that fails without a result
 * and gets its money back.
 */
export type JobsQuestion = {
  readonly part: 'store' | 'worker';
  readonly output: 'none' | 'text' | 'image';
  readonly jobs: number;
  readonly dataDir: string;
};

export interface JobsAnswer {
  readonly perSecond: number;
  /** Generations that ended as expected. If that is not all of them, the measurement means nothing. */
  readonly ended: number;
}

/** The default number of generations under way in a gateway. */
const IN_FLIGHT = 128;
const CLAIM_BATCH = 64;

export function measureJobs(question: JobsQuestion): Promise<JobsAnswer> {
  return question.part === 'store' ? storeLoop(question) : workerLoop(question);
}

async function storeLoop({ jobs, dataDir }: JobsQuestion): Promise<JobsAnswer> {
  const store = await openSqliteStore({ path: join(dataDir, 'genlock.db') });
  const ids = await fill(store, jobs, 'text');
  let left = jobs;
  let claimable = true;
  const settled = Promise.withResolvers<void>();
  const begin = performance.now();

  const one = async (id: string): Promise<void> => {
    const now = Date.now();
    const lease = { generationId: id, worker: 'bench' };
    await store.beginAttempt({ ...lease, n: 1, provider: 'sandbox', model: 'm', now });
    await store.settle({
      ...lease,
      now,
      outcome: { status: 'succeeded', charge: QUOTE, assets: [] },
      attempt: { n: 1, outcome: 'succeeded', error: null },
      deliveries: [],
    });
    left -= 1;
    if (left === 0) settled.resolve();
  };
  const lane = async (): Promise<void> => {
    while (claimable) {
      const now = Date.now();
      const claimed = await store.claim({
        worker: 'bench',
        limit: CLAIM_BATCH,
        now,
        leaseUntil: now + 60_000,
      });
      claimable &&= claimed.length > 0;
      await Promise.all(claimed.map(({ generation }) => one(generation.id)));
    }
  };
  await Promise.all([...Array.from({ length: IN_FLIGHT / CLAIM_BATCH }, lane), settled.promise]);
  const perSecond = jobs / ((performance.now() - begin) / 1000);
  const ended = (await endedOf(store, ids, 'succeeded')).length;
  await store.close();
  return { perSecond, ended };
}

async function workerLoop({ jobs, dataDir, output }: JobsQuestion): Promise<JobsAnswer> {
  const kind = output === 'image' ? 'image' : 'text';
  const filled = await openSqliteStore({ path: join(dataDir, 'genlock.db') });
  const ids = await fill(filled, jobs, kind);
  await filled.close();

  const wanted = output === 'none' ? 'failed' : 'succeeded';
  const provider =
    output === 'none' ? refusedAtOnce() : finishedAtOnce(kind === 'image' ? PIXEL : Buffer.from('ok'));
  const gateway = await startGateway({
    dataDir,
    port: 0,
    env: {},
    log: silentLog,
    providers: [provider],
  });
  const { store } = gateway.core;
  const settled = Promise.withResolvers<void>();
  const heard = new Set<string>();
  const hear = (id: string): void => {
    heard.add(id);
    if (heard.size === jobs) settled.resolve();
  };
  const unsubscribe = store.subscribe((event) => {
    if (event.kind === 'changed' && event.status === wanted) hear(event.generationId);
  });
  // The worker has already begun, so the first jobs may have ended before anybody listened.
  for (const id of await endedOf(store, ids, wanted)) hear(id);
  const early = heard.size;
  const begin = performance.now();
  await settled.promise;
  const perSecond = (jobs - early) / ((performance.now() - begin) / 1000);
  unsubscribe();
  const ended = (await endedOf(store, ids, wanted)).length;
  await gateway.close();
  return { perSecond, ended };
}

/** Admits jobs of one live account, each with a hold on its money. */
async function fill(store: Store, jobs: number, kind: 'text' | 'image'): Promise<readonly string[]> {
  const now = Date.now();
  const accountId = newId('acc_', now);
  const keyId = newId('key_', now);
  await store.createAccount({
    id: accountId,
    name: 'bench',
    plan: 'pro',
    status: 'active',
    limits: {},
    createdAt: now,
  });
  await store.createKey(
    {
      id: keyId,
      accountId,
      dialect: 'kiara',
      mode: 'live',
      name: '',
      prefix: '',
      status: 'active',
      allowedOrigins: [],
      allowedIps: [],
      limits: {},
      createdAt: now,
    },
    hashSecret(keyId),
  );
  await store.topUp({ accountId, amount: jobs * QUOTE, bucket: 'permanent', reference: null, now });
  const ids = Array.from({ length: jobs }, () => newId('gen_', now));
  const admitted = await Promise.all(
    ids.map((id) => store.admit(sampleAdmission({ id, accountId, keyId, kind, at: now }))),
  );
  if (admitted.some((result) => result.kind !== 'admitted')) throw new Error('a job was not admitted');
  return ids;
}

async function endedOf(
  store: Store,
  ids: readonly string[],
  wanted: 'succeeded' | 'failed',
): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const id of ids) if ((await store.generation(id))?.status === wanted) ended.push(id);
  return ended;
}
