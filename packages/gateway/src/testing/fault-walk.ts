import { setTimeout as sleep } from 'node:timers/promises';
import { sweepAssets } from '../gateway/files/retention.ts';
import { balanceOf } from './books.ts';
import { type Answer, bearer, type Call, callsTo } from './call.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { type PaidSandbox, paidSandbox } from './paid-sandbox.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { isRead, STRUCK, type Strike, StruckStore } from './struck-store.ts';

/*
 * Walks one customer's call along every store operation that it causes, in the request and in the job. Each operation fails once, and each
 * write is also done once without its answer arriving. What the customer was told is then compared with the books.
 */

/** The operator's view of a generation. */
export interface Seen {
  readonly id: string;
  readonly status: string;
  readonly charged_usd: string;
  readonly error: { readonly code: string } | null;
  readonly transfers: readonly { readonly type: string }[];
  readonly assets: readonly object[];
  readonly deliveries: readonly { readonly event: string; readonly status: string }[];
}

/** A customer of a gateway whose store fails at a given call. */
export interface Visit<State = undefined> {
  readonly gateway: TestGateway;
  readonly account: string;
  readonly call: Call;
  /** Receives webhooks. */
  readonly hook: string;
  /** The same in each call of a visit, if the contract has idempotency keys. */
  readonly headers: Readonly<Record<string, string>>;
  readonly store: StruckStore;
  readonly upstream: PaidSandbox;
  readonly state: State;
}

/** The result of a visit. */
export interface Outcome<State = undefined> extends Visit<State> {
  readonly answer: Answer;
  /** Everything that the account has ordered, oldest first. */
  readonly seen: readonly Seen[];
  /** The visit without a fault, which the others are compared with. */
  readonly clean: Outcome<State> | undefined;
}

export interface Walk<State = undefined> {
  readonly dialect: string;
  /** What must exist before the call. The store does not fail during this. */
  readonly before?: (visit: Visit) => Promise<State>;
  readonly act: (visit: Visit<State>) => Promise<Answer>;
  /** What is wrong with the answers, in words. */
  readonly judge: (outcome: Outcome<State>) => Promise<readonly string[]> | readonly string[];
}

/** Longer than the lease of a job and that of a webhook. */
const LEASES_MS = 61_000;
/** After this time without a call of the store, work only continues when a lease runs out. */
const IDLE_MS = 300;
const MOST_LEASES = 4;
const QUIET_MS = 15;
const LOOK_EVERY_MS = 30;
const MADE_WITHIN_MS = 30_000;
const INSIDE = new RegExp(`${STRUCK}|\\.ts\\b|sqlite|node:|\\n\\s+at `, 'i');

interface Visited<State> {
  readonly outcome: Outcome<State>;
  /** Whether the store call that was to fail was made at all. */
  readonly struck: boolean;
  /** How often each method of the store was called. */
  readonly counts: ReadonlyMap<string, number>;
  readonly wrong: readonly string[];
}

interface Struck {
  readonly method: string;
  readonly nth: number;
  readonly how: Strike;
}

/** Several gateways, each of which walks one call at a time. */
export class FaultWalks {
  readonly #lanes: readonly Lane[];
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];

  static async open(lanes: number): Promise<FaultWalks> {
    return new FaultWalks(await Promise.all(Array.from({ length: lanes }, () => Lane.open())));
  }

  private constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
    this.#free = [...lanes];
  }

  /** @returns how many faults were walked, and everything that is wrong */
  async walk<State>(walk: Walk<State>): Promise<Walked> {
    const lane = this.#free.pop() ?? (await new Promise<Lane>((take) => this.#waiting.push(take)));
    try {
      return await walkAlong(lane, walk);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(lane);
      else next(lane);
    }
  }

  /** What is wrong with the books and, after a sweep, with the files. */
  async inTheEnd(): Promise<readonly string[]> {
    return (await Promise.all(this.#lanes.map((lane) => lane.inTheEnd()))).flat();
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}

export interface Walked {
  readonly walked: number;
  readonly wrong: readonly string[];
}

async function walkAlong<State>(lane: Lane, walk: Walk<State>): Promise<Walked> {
  const first = await lane.visit(walk, undefined, undefined);
  const wrong = [...first.wrong];
  /** By method, the most calls in any visit, so that calls which are only made after a fault are walked too. */
  const most = new Map(first.counts);
  const done = new Set<string>();
  let walked = 0;
  for (let next = nextFault(most, done); next !== undefined; next = nextFault(most, done)) {
    const name = nameOf(next);
    done.add(name);
    const visited = await lane.visit(walk, next, first.outcome);
    for (const [method, count] of visited.counts) most.set(method, Math.max(most.get(method) ?? 0, count));
    if (!visited.struck) continue;
    walked += 1;
    wrong.push(...visited.wrong.map((one) => `${name}: ${one}`));
  }
  return { walked, wrong };
}

function nextFault(most: ReadonlyMap<string, number>, done: ReadonlySet<string>): Struck | undefined {
  for (const [method, count] of most)
    for (const how of isRead(method) ? (['fails'] as const) : (['fails', 'lost'] as const))
      for (let nth = 1; nth <= count; nth += 1)
        if (!done.has(nameOf({ method, nth, how }))) return { method, nth, how };
  return undefined;
}

function nameOf({ method, nth, how }: Struck): string {
  return `${method} ${nth} ${how}`;
}

class Lane {
  readonly #gateway: TestGateway;
  readonly #store: StruckStore;
  readonly #upstream: PaidSandbox;
  readonly #receiver: Receiver;
  readonly #clock: { ahead: number };
  #paid = 0;
  #overdue = false;

  static async open(): Promise<Lane> {
    const store = new StruckStore();
    const upstream = paidSandbox();
    const clock = { ahead: 0 };
    const gateway = await startTestGateway({
      providers: [upstream],
      store: (own) => store.wrap(own),
      now: () => Date.now() + clock.ahead,
    });
    return new Lane(gateway, store, upstream, await startReceiver(), clock);
  }

  private constructor(
    gateway: TestGateway,
    store: StruckStore,
    upstream: PaidSandbox,
    receiver: Receiver,
    clock: { ahead: number },
  ) {
    this.#gateway = gateway;
    this.#store = store;
    this.#upstream = upstream;
    this.#receiver = receiver;
    this.#clock = clock;
  }

  async visit<State>(
    { dialect, before, act, judge }: Walk<State>,
    struck: Struck | undefined,
    clean: Outcome<State> | undefined,
  ): Promise<Visited<State>> {
    await this.#quiet();
    const gateway = this.#gateway;
    const { id: account, key } = await gateway.customer({ dialect, account: { plan: 'enterprise' } });
    const start: Visit = {
      gateway,
      account,
      call: callsTo(gateway.url, bearer(key.key)),
      hook: this.#receiver.url,
      headers: { 'idempotency-key': 'walk' },
      store: this.#store,
      upstream: this.#upstream,
      state: undefined,
    };
    const visit = { ...start, state: (await before?.(start)) as State };
    this.#paid = this.#upstream.paid();
    this.#store.watch(struck);
    const acting = act(visit);
    await this.#settled(account, struck !== undefined, acting);
    const answer = await acting;
    const counts = new Map(this.#store.counts);
    this.#store.rest();
    const seen: Seen[] = [];
    for (const id of await this.#ordered(account))
      seen.push((await gateway.admin<Seen>('GET', `/generations/${id}`)).body);
    const outcome = { ...visit, answer, seen, clean };
    const refused = struck === undefined && answer.status >= 300;
    const wrong = refused
      ? [`refused: ${answer.status} ${answer.text}`]
      : [...(await this.#faultsOf(outcome)), ...(await judge(outcome))];
    this.#store.holdsClaims = false;
    this.#upstream.mood = 'works';
    await this.#settled(account, true);
    return { outcome, struck: this.#store.struck, counts, wrong };
  }

  /** Checks what must be true whatever was ordered, and whatever was answered. */
  async #faultsOf<State>({ account, answer, seen }: Outcome<State>): Promise<string[]> {
    const wrong: string[] = [];
    if (this.#overdue) wrong.push(`not ended: ${seen.map(({ status }) => status)}`);
    for (const { id, transfers, deliveries } of seen) {
      const moves = transfers.map(({ type }) => type).sort();
      if (!/^(?:capture,hold|hold,release|capture,hold,release)$/.test(moves.join()))
        wrong.push(`${id} moved ${moves}`);
      for (const { event, status } of deliveries)
        if (status !== 'delivered') wrong.push(`${event} is ${status}`);
      const assets = await this.#store.own.assetsOf(id);
      for (const { blob } of assets)
        if ((await this.#gateway.core.blobs.size(blob)) === undefined) wrong.push(`a file of ${id} is lost`);
    }
    const paid = this.#upstream.paid() - this.#paid;
    if (paid > 1) wrong.push(`paid for ${paid} times`);
    const { held_usd } = await balanceOf(this.#gateway, account);
    if (held_usd !== '0') wrong.push(`${held_usd} is held`);
    if (INSIDE.test(answer.text)) wrong.push(`tells what is inside: ${answer.text}`);
    return wrong;
  }

  /** Checks the books and, after a sweep, the files. */
  async inTheEnd(): Promise<string[]> {
    const wrong: string[] = [];
    const { body } = await this.#gateway.admin<{ drift_usd: string; open_holds: number }>(
      'POST',
      '/reconcile',
    );
    if (body.drift_usd !== '0' || body.open_holds !== 0) wrong.push(`the books: ${JSON.stringify(body)}`);
    this.#clock.ahead += 2 * 60 * 60 * 1000;
    await sweepAssets(this.#gateway.core);
    for await (const blob of this.#gateway.core.blobs.list(Number.POSITIVE_INFINITY))
      if ((await this.#store.own.knownBlobs([blob])).length === 0) wrong.push(`${blob} is nobody's`);
    return wrong;
  }

  async close(): Promise<void> {
    await this.#gateway.close(0);
    this.#receiver.close();
  }

  async #ordered(account: string): Promise<readonly string[]> {
    const { data } = await this.#store.own.ledger(account, 100);
    return data.flatMap(({ type, generationId }) =>
      type === 'hold' && generationId !== null ? [generationId] : [],
    );
  }

  /** Waits until nothing of the previous visit is under way. */
  async #quiet(): Promise<void> {
    while (performance.now() - this.#store.lastCallAt < QUIET_MS) await sleep(5);
  }

  /** Waits until everything has ended and all webhooks were sent. Leases that nobody renews are made to run out at once. */
  async #settled(account: string, struck: boolean, acting?: Promise<Answer>): Promise<void> {
    const store = this.#store;
    let waits = acting !== undefined;
    acting
      ?.catch(() => {})
      .finally(() => {
        waits = false;
      });
    const until = performance.now() + MADE_WITHIN_MS;
    this.#overdue = false;
    for (let leases = 0; waits || (await this.#underWay(account)); ) {
      await sleep(LOOK_EVERY_MS);
      if (struck && performance.now() - store.lastCallAt > IDLE_MS) {
        leases += 1;
        this.#clock.ahead += LEASES_MS;
        store.wakeAll();
      }
      this.#overdue = leases > MOST_LEASES || performance.now() > until;
      if (this.#overdue) return;
    }
  }

  async #underWay(account: string): Promise<boolean> {
    for (const id of await this.#ordered(account)) {
      if ((await this.#store.own.generation(id))?.finishedAt == null) return true;
      if ((await this.#store.own.deliveries(id)).some(({ status }) => status === 'pending')) return true;
    }
    return false;
  }
}
