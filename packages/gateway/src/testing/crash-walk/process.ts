import { setTimeout as sleep } from 'node:timers/promises';
import { createWorker } from '../../gateway/run/worker.ts';
import { createDeliverer } from '../../webhooks/deliver.ts';
import { startTestCore, type TestCore, type TestCoreOptions } from '../core.ts';
import { mortal, newLife } from '../mortal.ts';
import { Fate } from './crash-point.ts';

/** Longer than any lease, and shorter than any deadline here. */
const LEASES_LAPSE_MS = 70_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** The first byte of a file gives its kind: this is a clip, anything else a picture. */
export const CLIP = 2;

/** What outlives the processes: a data folder, the clock, the upstreams, and the receiver of webhooks. */
export interface World extends Pick<TestCoreOptions, 'price' | 'providers' | 'dataDir'> {
  /** The bodies received, each as often as it arrived. */
  readonly received: string[];
  readonly clock: { aheadMs: number };
}

/** A process that works on the data of a world until it dies. */
export interface Process {
  readonly core: TestCore;
  readonly fate: Fate;
  /** Stops its work in order, and starts it again. */
  restart(): Promise<void>;
  /** Closes a dead process's files, as the operating system would. Its leases stay; the clock is moved past them. */
  bury(): Promise<void>;
}

let opened = 0;

export async function openProcess(world: World): Promise<Process> {
  const life = newLife();
  const fate = new Fate(life);
  const now = (): number => Date.now() + world.clock.aheadMs;
  const test = await startTestCore({
    ...world,
    now,
    providers: world.providers.map((provider) => mortal(provider, life)),
    config: (config) => ({
      ...config,
      dialects: all(config.dialects, (settings) => ({ ...settings, assetTtlMs: 9 * DAY_MS })),
      deadlines: all(config.deadlines, () => DAY_MS),
      retries: { ...config.retries, baseDelayMs: 0, maxAttempts: 5, attemptsPerRoute: 5 },
    }),
    dialect: {
      events: (_, moment, { generation: { id, status } }) =>
        moment === 'ended' ? [{ event: status, body: (delivery) => `${delivery} ${id} ${status}` }] : [],
    },
  });
  opened += 1;
  const name = `process_${opened}`;
  const core: TestCore = {
    ...test,
    instance: `${name}/inline`,
    store: mortal(test.store, life, fate.around),
    blobs: mortal(test.blobs, life, fate.around),
    probe: async (bytes) =>
      bytes[0] === CLIP
        ? { kind: 'video', contentType: 'video/mp4', width: 1, height: 1, durationSeconds: 4 }
        : test.probe(bytes),
  };
  const deliverer = createDeliverer({
    store: core.store,
    outbound: {
      fetch: async (_, { body }) => {
        world.received.push(String(body));
        return { status: 200, headers: {}, body: new Uint8Array() };
      },
    },
    secretsOf: async () => [''],
    schemeOf: () => ({ timeoutMs: 1000, nextDelayMs: () => undefined, headers: () => ({}) }),
    worker: name,
    now,
    log: core.log,
  });
  let workers = 1;
  let worker = createWorker(core, name);
  worker.start();
  deliverer.start();
  return {
    core,
    fate,
    restart: async () => {
      await worker.drain(0);
      workers += 1;
      worker = createWorker(core, `${name}_${workers}`);
      worker.start();
    },
    bury: async () => {
      life.end();
      world.clock.aheadMs += LEASES_LAPSE_MS;
      await test.store.close();
    },
  };
}

function all<Name extends string, One>(of: Readonly<Record<Name, One>>, change: (one: One) => One) {
  const entries = Object.entries<One>(of).map(([name, one]) => [name, change(one)] as const);
  return Object.fromEntries(entries) as Readonly<Record<Name, One>>;
}

/** Looks repeatedly until it is true, because other processes make it so. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let looks = 0; !(await isSo()); looks += 1) {
    if (looks > 5_000) throw new Error('it never came to that');
    await sleep(2);
  }
}
