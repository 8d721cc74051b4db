import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditAccount } from './books.ts';
import type { CallBook } from './call-book.ts';
import { admin, type Customer, type Shop } from './customers.ts';
import type { Order } from './load.ts';
import type { Receiver } from './receiver.ts';

export interface Finding {
  readonly promise: string;
  /** What was looked at, in words. */
  readonly seen: string;
  /** Empty: the promise was kept. */
  readonly broken: readonly string[];
}

export interface Evidence {
  readonly shop: Shop;
  readonly customers: readonly Customer[];
  readonly orders: readonly Order[];
  /** Absent if the upstreams are not ours. */
  readonly book?: CallBook;
  readonly receiver?: Receiver;
  readonly patienceMs: number;
}

interface Truth {
  readonly id: string;
  readonly status: string;
  readonly quote_usd: string;
  readonly charged_usd: string | null;
  readonly attempts: readonly { readonly outcome: string | null }[];
  readonly assets: readonly { readonly id: string; readonly bytes: number; readonly sha256?: string }[];
}

/** Checks every promise against what can be seen from outside. */
export async function check(evidence: Evidence): Promise<readonly Finding[]> {
  const { shop, customers, orders, book, receiver } = evidence;
  const jobs = orders.filter((order) => order.id !== undefined);
  const truths = await mapInTurn(jobs, (order) => admin<Truth>(shop, 'GET', `/generations/${order.id}`));
  const books = await mapInTurn(customers, (customer) => auditAccount(shop, customer));
  const totals = await admin<{ open_holds: number; drift_usd: string }>(shop, 'POST', '/reconcile', {});
  return [
    {
      promise: 'every acknowledged job ends',
      seen: `${jobs.length} jobs`,
      broken: [
        ...jobs.filter(({ ended }) => !ended).map(({ name, id }) => `${name} ${id}`),
        ...truths.filter(({ status }) => status === 'queued' || status === 'running').map(({ id }) => id),
      ],
    },
    ...(book === undefined
      ? []
      : [
          {
            promise: 'at most one paid call an order',
            seen: `${book.calls} calls, ${book.paid} paid`,
            broken: book.paidTwice(),
          },
        ]),
    { promise: 'each hold is resolved once', seen: `${customers.length} ledgers`, broken: books.flat() },
    {
      promise: 'balances are what the ledger adds up to',
      seen: `drift $${totals.drift_usd}, ${totals.open_holds} open holds`,
      broken: totals.drift_usd === '0' && totals.open_holds === 0 ? [] : [JSON.stringify(totals)],
    },
    {
      promise: 'nothing is charged but what was delivered',
      seen: `${truths.filter(({ status }) => status === 'succeeded').length} delivered`,
      broken: truths
        .filter(wrongCharge)
        .map(({ id, status, charged_usd }) => `${id}: ${status}, ${charged_usd}`),
    },
    ...(receiver === undefined ? [] : [await webhooks(evidence, receiver, jobs)]),
    await assets(shop, jobs, truths),
  ];
}

function wrongCharge({ status, charged_usd, quote_usd, assets: made }: Truth): boolean {
  if (status !== 'succeeded') return charged_usd !== null && Number(charged_usd) !== 0;
  return made.length === 0 || Number(charged_usd) > Number(quote_usd);
}

async function webhooks(
  { patienceMs }: Evidence,
  receiver: Receiver,
  jobs: readonly Order[],
): Promise<Finding> {
  const awaited = jobs.filter(({ caller }) => caller.hooks);
  const missing = (): readonly Order[] => awaited.filter(({ id }) => !receiver.heardOf(id ?? ''));
  const until = Date.now() + patienceMs;
  while (missing().length > 0 && Date.now() < until) await sleep(200);
  return {
    promise: 'every end is told to its webhook',
    seen: `${awaited.length} awaited, ${receiver.delivered} taken, ${receiver.refused} refused`,
    broken: missing().map(({ name, id }) => `${name} ${id}`),
  };
}

async function assets(shop: Shop, jobs: readonly Order[], truths: readonly Truth[]): Promise<Finding> {
  let files = 0;
  const broken: string[] = [];
  await mapInTurn(truths, async (truth, index) => {
    const order = jobs[index];
    const key = order?.customer.keys[order.caller.dialect] ?? '';
    for (const { id, bytes, sha256 } of truth.assets) {
      files += 1;
      const response = await fetch(`${shop.url}/v1/assets/${id}/content`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const content = new Uint8Array(await response.arrayBuffer());
      const whole = response.status === 200 && content.length === bytes;
      const same = sha256 === undefined || createHash('sha256').update(content).digest('hex') === sha256;
      if (!whole || !same)
        broken.push(`${truth.id} ${id}: ${response.status}, ${content.length} of ${bytes} bytes`);
    }
  });
  return { promise: 'no file is lost', seen: `${files} files`, broken };
}

const AT_A_TIME = 16;

async function mapInTurn<T, R>(
  list: readonly T[],
  work: (one: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < list.length; start += AT_A_TIME)
    results.push(
      ...(await Promise.all(
        list.slice(start, start + AT_A_TIME).map((one, index) => work(one, start + index)),
      )),
    );
  return results;
}
