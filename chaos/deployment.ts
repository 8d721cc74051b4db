import { exec } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { check } from './check.ts';
import { openCustomer, type Shop } from './customers.ts';
import { placeOrders } from './load.ts';
import { type Random, seeded } from './random.ts';
import type { Round, RoundOptions } from './round.ts';

export interface DeploymentOptions extends RoundOptions {
  readonly shop: Shop;
  /** `live` orders cost real money, according to the routes. */
  readonly mode: 'live' | 'test';
  /** A command that kills the gateway; its own supervisor has to start it again. */
  readonly kill: string | undefined;
}

const PATIENCE_MS = 15 * 60_000;
const CREDIT = '100';

/** One round against a deployment of the user's own. What its upstreams charge and its receivers get cannot be checked from here. */
export async function playAgainst(options: DeploymentOptions): Promise<Round> {
  const { shop, mode, kill, seed, orders, kills, concurrency, progress } = options;
  const customers = [await openCustomer(shop, mode, CREDIT)];
  const over = new AbortController();
  const killer =
    kill === undefined ? Promise.resolve(0) : killNowAndThen(kill, kills, seeded(seed), over.signal);
  let placed = 0;
  const round = `d${Date.now().toString(36)}`;
  const load = { shop, round, customers, orders, concurrency, patienceMs: PATIENCE_MS };
  const done = await placeOrders(load, () => progress?.(`${++placed} of ${orders} orders placed`));
  over.abort();
  const killed = await killer;
  const findings = await check({ shop, customers, orders: done, patienceMs: PATIENCE_MS });
  return { seed, kills: killed, orders: done, findings };
}

async function killNowAndThen(
  command: string,
  kills: number,
  random: Random,
  over: AbortSignal,
): Promise<number> {
  for (let n = 0; n < kills; n += 1) {
    await sleep(random.between(3_000, 10_000), undefined, { signal: over }).catch(() => {});
    if (over.aborted) return n;
    await promisify(exec)(command);
  }
  return kills;
}
