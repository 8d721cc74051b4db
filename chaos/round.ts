import { setTimeout as sleep } from 'node:timers/promises';
import { check, type Finding } from './check.ts';
import { victimConfig } from './config.ts';
import { openCustomer, type Shop } from './customers.ts';
import { makeFiles } from './files.ts';
import { startVictim, type Victim } from './gateway.ts';
import { type Order, placeOrders } from './load.ts';
import { type Random, seeded } from './random.ts';
import { startReceiver } from './receiver.ts';
import { startUpstream } from './upstream.ts';

export interface RoundOptions {
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
  /** How many customers order at the same time. */
  readonly concurrency: number;
  /** Called from time to time with the progress. */
  readonly progress?: (text: string) => void;
}

export interface Round {
  readonly seed: number;
  readonly kills: number;
  readonly orders: readonly Order[];
  readonly findings: readonly Finding[];
}

const PATIENCE_MS = 60_000;
/** One customer can pay for everything. The other can only pay for part of it, so it must be refused and never go below zero. */
const CREDITS = ['100000', '3'];

/** One round against a gateway of our own: orders in all dialects, unreliable upstreams, failing receivers, and SIGKILL. */
export async function playRound({
  seed,
  orders,
  kills,
  concurrency,
  progress,
}: RoundOptions): Promise<Round> {
  const random = seeded(seed);
  const upstream = await startUpstream(random, await makeFiles());
  const receiver = await startReceiver(random.fork('receiver'));
  const victim = await startVictim(victimConfig(upstream.url));
  try {
    const customers = [];
    for (const usd of CREDITS) customers.push(await openCustomer(victim, 'live', usd));
    let killing = true;
    const killer = killNowAndThen(victim, random.fork('killer'), kills).finally(() => {
      killing = false;
    });
    // The killer is awaited later than a kill takes; without this, a failing start would be reported as an unhandled rejection.
    killer.catch(() => {});
    let placed = 0;
    const done = await placeOrders(
      {
        shop: victim,
        round: `s${seed}`,
        customers,
        hook: receiver.url,
        orders,
        more: () => killing,
        concurrency,
        patienceMs: PATIENCE_MS,
      },
      () => progress?.(`${++placed} of ${orders} orders placed`),
    );
    await killer;
    receiver.behave();
    progress?.('holding the books against each other');
    await quiet(victim);
    const evidence = {
      shop: victim,
      customers,
      orders: done,
      book: upstream.book,
      receiver,
      patienceMs: PATIENCE_MS,
    };
    const findings = await check(evidence);
    return { seed, kills, orders: done, findings: [...findings, await lastLook(victim)] };
  } finally {
    await victim.stop().catch(() => {});
    upstream.close();
    receiver.close();
    await victim.remove();
  }
}

async function killNowAndThen(victim: Victim, random: Random, kills: number): Promise<void> {
  for (let n = 0; n < kills; n += 1) {
    await sleep(random.between(200, 1_200));
    await victim.kill();
  }
}

/** Waits for the end of jobs whose answer was lost, because the books can only be checked after that. */
async function quiet(shop: Shop): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(`${shop.url}/admin/v1/reconcile`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.adminToken}`, 'content-type': 'application/json' },
      body: '{}',
    });
    const { open_holds } = (await response.json()) as { open_holds: number };
    if (open_holds === 0 || Date.now() > until) return;
    await sleep(200);
  }
}

/** Checks that the gateway stops in order and leaves sound data behind. */
async function lastLook(victim: Victim): Promise<Finding> {
  const inOrder = await victim.stop();
  const { code, output } = await victim.run('doctor', '--repair', '--json', '--data', victim.dataDir);
  const { repaired } = JSON.parse(output) as { repaired: readonly string[] };
  return {
    promise: 'it ends in order, and doctor finds no harm',
    seen: `exit ${inOrder ? 0 : 'other'}, doctor ${code}${repaired.map((one) => `, ${one}`).join('')}`,
    broken: inOrder && code === 0 ? [] : [output],
  };
}
