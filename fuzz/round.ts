import type { Shop } from '../chaos/customers.ts';
import { startVictim, type Victim } from '../chaos/gateway.ts';
import type { DialectName } from '../packages/client/src/index.ts';
import { inspect, mistakesIn } from './aftermath.ts';
import { draftCase, type Side } from './cases.ts';
import { curlOf } from './curl.ts';
import { descriptionCheck } from './described.ts';
import { Docket } from './docket.ts';
import { readDocuments } from './documents.ts';
import { type Draft, piecesOf } from './draft.ts';
import { type Court, judge } from './judge.ts';
import { makeKeyring } from './keyring.ts';
import { leakFinder } from './leaks.ts';
import { Line } from './line.ts';
import type { World } from './plain.ts';
import { fillPool, type Pool } from './pool.ts';
import { feelPulse } from './pulse.ts';
import { headerOf, type Reply } from './reply.ts';
import { setTraps, type Traps } from './traps.ts';
import { findGoodRequests } from './warm-up.ts';

export interface RoundOptions {
  readonly seed: number;
  readonly requests: number;
  readonly concurrency: number;
  /** The server to test. By default one is started for the round and also checked from the inside. */
  readonly target?: Shop;
  /** Only these cases. */
  readonly cases?: readonly number[];
  readonly progress?: (text: string) => void;
}

export interface Round {
  readonly seed: number;
  readonly requests: number;
  readonly seconds: number;
  /** Number of answers by status. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly slowestMs: number;
  readonly peakMb: number;
  readonly docket: Docket;
}

/** The numbers of operator cases start here, so that a number alone identifies a case. */
const OPERATOR_CASES = 1_000_000_000;
const OPERATOR_SHARE = 0.12;
const PATIENCE_MS = 120_000;
/** Every answer that does not wait for work must come within this time, also on a busy machine. */
const ANSWER_MS = 30_000;
const MAX_PULSE_MS = 10_000;
const MAX_MB = 1_536;
const QUIET_MS = 200;

/** One round: requests, then a check of what they left behind. */
export async function playRound(options: RoundOptions): Promise<Round> {
  const traps = await setTraps();
  const log: string[] = [];
  const victim = options.target
    ? undefined
    : await startVictim(victimConfig(traps), (text) => void log.push(text));
  try {
    const round = await fuzz(options, options.target ?? (victim as Victim), traps);
    if (victim !== undefined) await lookInside(victim, traps, log, round.docket);
    return round;
  } catch (error) {
    if (victim?.ended)
      throw new Error(`the gateway has ended: ${log.join('').slice(-5_000)}`, { cause: error });
    throw error;
  } finally {
    traps.close();
    if (victim?.ended === false) await victim.stop();
    await victim?.remove();
  }
}

function victimConfig({ allow }: Traps): string {
  return `
outbound: { allow: [${allow.join(', ')}] }
trusted_proxies: [127.0.0.1]
retries: { base_delay: 5ms, max_delay: 20ms }
log: { level: error }
`;
}

async function fuzz(options: RoundOptions, shop: Shop, traps: Traps): Promise<Round> {
  const { seed, concurrency, cases } = options;
  const url = new URL(shop.url);
  const apis = await readDocuments(shop);
  const keyring = await makeKeyring(shop);
  const pool = await fillPool(shop, keyring);
  const world: World = { host: url.host, apis, keyring, pool, ...traps };
  const court: Court = {
    host: url.host,
    mounts: apis.map(({ name, mount }): [string, DialectName] => [
      mount,
      name === 'admin' ? 'native' : (name as DialectName),
    ]),
    leak: leakFinder(keyring, pool),
    described: descriptionCheck(apis),
    foreign: [...pool.others.values()].flat(),
  };
  const good = await findGoodRequests(world, seed, url);
  const docket = new Docket();
  const statuses = new Map<string, number>();
  const over = new AbortController();
  const pulse = feelPulse(shop, over.signal);
  // An error is reported where it is awaited, or not at all if something else failed first.
  pulse.catch(() => {});
  const startedAt = performance.now();
  let done = 0;

  const play = async (line: Line, n: number): Promise<void> => {
    const side: Side = n < OPERATOR_CASES ? 'customers' : 'operator';
    const draft = draftCase(world, good, seed, n, side);
    const example = (): string => `case ${n}: ${curlOf(draft, shop.url)}`;
    for (const answer of await ask(line, draft, url.host)) {
      const status = typeof answer === 'string' ? answer : String(answer.status);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (typeof answer === 'string')
        docket.add(draft.operation.name, { promise: 'every request is answered', seen: answer }, example);
      else {
        for (const finding of judge(court, draft, answer)) docket.add(draft.operation.name, finding, example);
        learn(pool, draft, answer);
      }
    }
    done += 1;
    if (done % 500 === 0)
      options.progress?.(`${done} of ${options.requests} requests, ${docket.entries.length} findings`);
  };

  const operator = Math.round(options.requests * OPERATOR_SHARE);
  const customers = Array.from({ length: options.requests - operator }, (_, n) => n);
  for (const numbers of cases === undefined
    ? [customers, Array.from({ length: operator }, (_, n) => OPERATOR_CASES + n)]
    : [cases])
    await inParallel(url, concurrency, numbers, play);
  const seconds = (performance.now() - startedAt) / 1000;

  over.abort();
  const { slowestMs, peakMb } = await pulse;
  const note = (promise: string, seen: string): void => docket.add('afterwards', { promise, seen }, () => '');
  if (slowestMs > MAX_PULSE_MS)
    note('it answers all the time', `once only after ${Math.round(slowestMs)} ms`);
  if (peakMb > MAX_MB) note('memory is bounded', `${Math.round(peakMb)} MB`);
  for (const { promise, seen } of await inspect(shop, keyring, PATIENCE_MS)) note(promise, seen);
  return { seed, requests: done, seconds, statuses, slowestMs, peakMb, docket };
}

async function inParallel(
  url: URL,
  concurrency: number,
  numbers: readonly number[],
  play: (line: Line, n: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      const line = new Line(url);
      for (let n = numbers[next++]; n !== undefined; n = numbers[next++]) await play(line, n);
      line.close();
    }),
  );
}

/** The outcome: answers, or the reason why there is none. */
async function ask(line: Line, draft: Draft, host: string): Promise<readonly (Reply | string)[]> {
  const pieces = piecesOf(draft, host);
  const bodyless = draft.method === 'HEAD' && draft.raw === undefined;
  if (draft.manner === 'alone') return line.sendAlone(Buffer.concat(pieces), bodyless, QUIET_MS);
  if (draft.manner === 'cut') {
    const bytes = Buffer.concat(pieces);
    await line.cut(bytes.subarray(0, Math.ceil(bytes.length * 0.7)));
    return [];
  }
  const outcome = await line.send({ pieces, bodyless, timeoutMs: boundOf(draft) });
  return [outcome.kind === 'reply' ? outcome.reply : `${outcome.kind} after ${Math.round(outcome.ms)} ms`];
}

function boundOf({ operation, query }: Draft): number {
  const waits =
    Object.keys(operation.body).length > 0 || operation.path.endsWith('/events') || query.includes('wait');
  return waits ? PATIENCE_MS : ANSWER_MS;
}

function learn(pool: Pool, { asker, operation, query }: Draft, reply: Reply): void {
  if (reply.status >= 300 || !['own', 'operator'].includes(asker.who) || query !== '') return;
  if (!/[/+]json\b/.test(headerOf(reply, 'content-type') ?? '') || reply.body.length > 20_000) return;
  try {
    pool.harvest(operation.api, operation.path, JSON.parse(reply.body.toString('utf8')));
  } catch {
    // Checked elsewhere.
  }
}

/** Checks that only the owner of the process can make. */
async function lookInside(
  victim: Victim,
  traps: Traps,
  log: readonly string[],
  docket: Docket,
): Promise<void> {
  const note = (promise: string, seen: string): void => docket.add('afterwards', { promise, seen }, () => '');
  if (victim.ended) note('the process stays alive', log.join('').slice(-2_000));
  else if (!(await victim.stop())) note('the process ends in order', log.join('').slice(-2_000));
  const { code, output } = await victim.run('doctor', '--json', '--data', victim.dataDir);
  if (code !== 0) note('doctor finds no harm', output);
  for (const { promise, seen } of mistakesIn(log.join(''))) note(promise, seen);
  if (traps.reached() > 0) note('nobody is led inside', `${traps.reached()} connections`);
}
