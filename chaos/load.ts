import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Caller, callers } from './callers.ts';
import type { Customer, Shop } from './customers.ts';
import { orderName } from './orders.ts';

export interface Order {
  readonly name: string;
  readonly caller: Caller;
  readonly customer: Customer;
  /** The status of the last answer; undefined: the connection broke, so the outcome is unknown. */
  status: number | undefined;
  /** The job's id, once a 2xx answer contained it. */
  id: string | undefined;
  ended: boolean;
}

export interface LoadOptions {
  readonly shop: Shop;
  readonly round: string;
  readonly customers: readonly Customer[];
  /** The URL for webhooks; absent: none are requested. */
  readonly hook?: string;
  /** The least number of orders. */
  readonly orders: number;
  /** Whether to continue once they are placed. */
  readonly more?: () => boolean;
  readonly concurrency: number;
  /** How long to wait for the end of an acknowledged job. */
  readonly patienceMs: number;
}

const POLL_MS = 150;
const PAUSE_MS = 200;
const MAX_RESENDS = 100;

/** Customers that order, resend what they may resend, and poll acknowledged jobs until they have ended. Yields each order as it is made. */
export async function placeOrders(
  options: LoadOptions,
  placed: (order: Order) => void,
): Promise<readonly Order[]> {
  const orders: Order[] = [];
  let next = 0;
  const customer = async (): Promise<void> => {
    while (next < options.orders || options.more?.() === true) {
      const n = next++;
      const order: Order = {
        name: orderName(options.round, n),
        caller: pick(callers, n),
        // Divided so that every caller is combined with every customer.
        customer: pick(options.customers, Math.floor(n / callers.length)),
        status: undefined,
        id: undefined,
        ended: false,
      };
      orders.push(order);
      await place(order, options);
      placed(order);
      if (order.id !== undefined) await waitForEnd(order, options);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, customer));
  return orders;
}

function pick<T>(list: readonly T[], n: number): T {
  const one = list[n % list.length];
  if (one === undefined) throw new Error('an empty list');
  return one;
}

async function place(order: Order, { shop, hook }: LoadOptions): Promise<void> {
  const { caller, customer, name } = order;
  for (let sends = 0; sends < MAX_RESENDS; sends += 1) {
    const answer = await call(shop, customer.keys[caller.dialect] ?? '', caller.path, {
      body: JSON.stringify(caller.body(`a red mug ${name}`, hook && `${hook}/${caller.dialect}`)),
      ...(caller.keyed && { key: name }),
    });
    order.status = answer?.status;
    order.id = answer !== undefined && answer.status < 300 ? caller.id(answer.body) : undefined;
    const settled = answer !== undefined && ![429, 500, 503].includes(answer.status);
    if (settled || !caller.keyed) break;
    await sleep(PAUSE_MS);
  }
  order.ended = caller.at === undefined;
}

async function waitForEnd(order: Order, { shop, patienceMs }: LoadOptions): Promise<void> {
  const { caller, customer, id = '' } = order;
  const until = Date.now() + patienceMs;
  while (!order.ended && Date.now() < until) {
    await sleep(POLL_MS);
    const answer = await call(shop, customer.keys[caller.dialect] ?? '', caller.at?.(id) ?? '');
    order.ended =
      (answer?.status === 200 && !caller.open.includes(answer.body.status ?? '')) ||
      (answer !== undefined && answer.status === caller.failedBy);
  }
}

/** Undefined: no complete answer arrived. */
async function call(
  { url }: Shop,
  key: string,
  path: string,
  post?: { readonly body: string; readonly key?: string },
): Promise<{ readonly status: number; readonly body: Answer } | undefined> {
  try {
    const response = await fetch(url + path, {
      method: post === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        ...(post && { 'content-type': 'application/json' }),
        ...(post?.key !== undefined && { 'idempotency-key': post.key }),
      },
      ...(post && { body: post.body }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Answer) : {} };
  } catch {
    return undefined;
  }
}
