import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTerminal, type TerminalStatus } from '../domain/generation.ts';
import { FLAGGED_OUTCOMES } from '../store/port.ts';
import { type Doom, isBetween, pointsOf } from '../testing/crash-walk/crash-point.ts';
import { nothingSeen, ORDERS, type Order, place, type Seen } from '../testing/crash-walk/orders.ts';
import { openProcess, type Process, until, type World } from '../testing/crash-walk/process.ts';
import type { Caller } from './accounts/authenticate.ts';
import { sweepAssets } from './files/retention.ts';
import { sweepAbandoned } from './run/follow-abandoned.ts';

/*
 * A job's life, once for each moment at which its process can die: before each write, and after the write but before its answer. Another
 * process takes over on the same data once the leases have run out, and the caller asks again under its key.
 */

const FUNDS = 1_000_000;

/** One order after the other in the same data, each with processes that die at given moments. */
class Walk {
  readonly order: Order;
  readonly seen: Seen;
  readonly #world: World;
  readonly #caller: Caller;
  #process: Process;
  #spent = 0;
  #orders = 0;
  readonly #files = new Set<string>();

  private constructor(order: Order, world: World, seen: Seen, process: Process, caller: Caller) {
    this.order = order;
    this.#world = world;
    this.seen = seen;
    this.#process = process;
    this.#caller = caller;
  }

  static async begin(order: Order): Promise<Walk> {
    const seen = nothingSeen();
    const dataDir = await mkdtemp(join(tmpdir(), 'genlock-walk-'));
    const { price } = order;
    const world = { dataDir, price, providers: order.providers(seen), received: [], clock: { aheadMs: 0 } };
    const process = await openProcess(world);
    return new Walk(order, world, seen, process, await process.core.customer(FUNDS));
  }

  /** One order, under processes that die one after the other where they are doomed; the last one lives. Returns what that one wrote. */
  async live(
    ends: readonly TerminalStatus[],
    ...dooms: readonly Doom[]
  ): Promise<{ written: readonly string[]; deaths: number }> {
    this.#orders += 1;
    Object.assign(this.seen, nothingSeen());
    let deaths = 0;
    for (const doom of dooms) {
      const died = this.#process.fate.doom(doom);
      await Promise.race([died, this.#serve(deaths > 0)]);
      if (!(await this.#process.fate.isOver())) break;
      deaths += 1;
      await this.#process.bury();
      this.#process = await openProcess(this.#world);
    }
    void this.#process.fate.doom(undefined);
    const id = await this.#serve(deaths > 0);
    await this.#check(id, ends, JSON.stringify(dooms));
    return { written: this.#process.fate.written, deaths };
  }

  /** The caller's part, and waiting for everything that follows from it. */
  async #serve(afterDeath: boolean): Promise<string> {
    const { store } = this.#process.core;
    const id = await place(this.#process, this.#caller, this.order, `order ${this.#orders}`, this.seen);
    await this.order.followUp?.(this.#process, id, this.seen);
    await until(async () => isTerminal((await store.generation(id))?.status ?? 'queued'));
    await until(async () => {
      if (afterDeath) await sweepAbandoned(this.#process.core, new Map(), new AbortController().signal, 0);
      const attempts = await store.attempts(id);
      const deliveries = await store.deliveries(id);
      return (
        attempts.every(({ outcome }) => outcome !== null && outcome !== 'abandoned') &&
        deliveries.every(({ status }) => status !== 'pending')
      );
    });
    return id;
  }

  async #check(id: string, ends: readonly TerminalStatus[], where: string): Promise<void> {
    const { order, seen } = this;
    const { core } = this.#process;
    const generation = (await core.store.generation(id)) ?? expect.fail('lost');
    const attempts = await core.store.attempts(id);
    const { status } = generation;
    expect(ends, where).toContain(status);

    // A caller that has seen the end of a text finds it booked.
    if (seen.told.includes('end')) expect(status, where).toBe('succeeded');
    if (order.buys === 'once') expect(seen.bought.length, where).toBeLessThanOrEqual(1);
    if (order.buys === 'by key') expect(new Set(seen.bought).size, where).toBeLessThanOrEqual(1);

    const charged = status === 'succeeded' ? order.charge : 0;
    expect(generation.charged, where).toBe(charged);
    expect(charged).toBeLessThanOrEqual(generation.quote);
    this.#spent += charged;
    const [hold, ...rest] = await core.store.transfersOf(id);
    expect(hold?.type).toBe('hold');
    const released = generation.quote - charged;
    expect(rest.map(({ type }) => type)).toEqual([
      ...(charged > 0 ? ['capture'] : []),
      ...(released > 0 ? ['release'] : []),
    ]);
    expect(await core.store.balance(this.#caller.account.id)).toMatchObject({
      funds: { subscription: 0, permanent: FUNDS - this.#spent },
      held: { subscription: 0, permanent: 0 },
    });

    const assets = await core.store.assetsOf(id);
    expect(assets).toHaveLength(status === 'succeeded' ? order.files : 0);
    for (const { blob, bytes } of assets) expect(await core.blobs.size(blob)).toBe(bytes);
    for (const { blob } of assets) this.#files.add(blob);

    if (order.work.webhook !== undefined) {
      const told = new Set(this.#world.received.filter((body) => body.includes(id)));
      expect([...told]).toEqual([expect.stringContaining(` ${id} ${status}`)]);
    }
    const flagged = attempts.some(({ outcome }) => FLAGGED_OUTCOMES.some((one) => one === outcome));
    const isLost = seen.bought.length > 0 && seen.canceled.length === 0 && status !== 'succeeded';
    if (isLost && order.buys !== 'free') expect(flagged, where).toBe(true);
    expect(generation.failure?.code ?? 'outcome_unknown').toBe('outcome_unknown');
    if (status === 'failed') expect(flagged).toBe(true);
  }

  /** Checks the books of everything that was ordered, and that the dead processes left nothing that no row names. */
  async checkRest(): Promise<void> {
    const { core } = this.#process;
    expect(await core.store.reconcile()).toMatchObject({ drift: 0, openHolds: 0, findings: [] });
    this.#world.clock.aheadMs += 2 * 60 * 60 * 1000;
    await sweepAssets(core);
    const kept: string[] = [];
    for await (const blob of core.blobs.list(core.now())) kept.push(blob);
    expect(new Set(kept)).toEqual(this.#files);
  }

  async end(): Promise<void> {
    await this.#process.bury();
    if (this.#world.dataDir !== undefined) await rm(this.#world.dataDir, { recursive: true, force: true });
  }
}

/** Deaths in a row, the first of them within this many writes: the next process may die while it takes over. The same in every run. */
function deathsInARow(seed: number, writes: number): Doom[] {
  const later = fc.integer({ min: 1, max: 4 });
  const [nths = []] = fc.sample(fc.tuple(fc.integer({ min: 1, max: writes }), later, later), {
    seed,
    numRuns: 1,
  });
  return nths.map((nth) => ({ write: 'any', nth, when: 'after' }));
}

// Concurrently, because most of the time is spent on starting threads.
describe.concurrent.each(ORDERS)('$name', (order) => {
  it('is bought once, charged right and told, wherever its process dies', async () => {
    const walk = await Walk.begin(order);
    try {
      const { written } = await walk.live([order.ends]);
      const points = pointsOf(written);
      for (const point of points) {
        const isLost = order.unknown.some(([after, upTo]) => isBetween(points, point, after, upTo));
        const { deaths } = await walk.live([isLost ? 'failed' : order.ends], point);
        expect(deaths, JSON.stringify(point)).toBe(1);
      }
      const ends = order.unknown.length > 0 ? ([order.ends, 'failed'] as const) : [order.ends];
      const dooms = deathsInARow(ORDERS.indexOf(order), written.length);
      expect((await walk.live(ends, ...dooms)).deaths).toBeGreaterThan(0);
      await walk.checkRest();
    } finally {
      await walk.end();
    }
  });
});
