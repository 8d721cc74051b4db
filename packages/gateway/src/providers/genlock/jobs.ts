import { GenerationError } from '@genlock/client';
import { GenlockError } from '../../domain/error.ts';
import type { Delivered, PollReply, Provider, ProviderCall } from '../port.ts';
import { accepted } from '../upstream/accepted.ts';
import { finishedWith } from '../upstream/finished.ts';
import { isLost, lostAmong } from '../upstream/lost-calls.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import type { Contract, Job } from './contract.ts';
import type { Line } from './line.ts';

/** Separates the ids of several jobs of one generation. */
const BETWEEN = ' ';
const MAX_PARTS = 64;

/** The key of one of the orders of a call. */
const keyOf = (key: string, part: number): string => (part === 0 ? key : `${key}/${part}`);

/** Places all orders of a call, one after the other. Accepted jobs are waited for, even if a later order is refused. */
export async function orderJobs(contract: Contract, line: Line, call: ProviderCall): Promise<PollReply> {
  const isKeyed = contract.keyed.includes(call.request.kind);
  const jobs: Job[] = [];
  let refused: unknown;
  for (const [part, request] of (await contract.orders(line, call)).entries()) {
    const key = keyOf(call.idempotencyKey, part);
    const order = isKeyed ? withKey(request, key) : request;
    try {
      jobs.push(contract.read(await line.order(order, call), 'order', line, call));
    } catch (error) {
      const found = isKeyed && isTaken(error) ? await findOne(contract, line, key, call.signal) : undefined;
      if (found !== undefined) jobs.push({ id: found, state: 'running' });
      // All orders can be sent again under their keys, and the answers then tell what became of each.
      else if (jobs.length === 0 || (isKeyed && isLost(error))) throw error;
      else {
        refused = error;
        break;
      }
    }
  }
  const lost = lostAmong([refused]);
  const isWhole = jobs.every(({ id, state }) => state !== 'running' && contract.look(id, call) === undefined);
  if (isWhole) return end(line, jobs, call, lost);
  return {
    ...accepted(jobs.map(({ id }) => id).join(BETWEEN), line.settings, contract.pollMs),
    ...lost,
  };
}

/** If the look-up fails too, the original error stays. */
async function findOne(
  contract: Contract,
  line: Line,
  key: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await contract.find?.(line, key, signal);
  } catch {
    return undefined;
  }
}

function withKey(request: UpstreamRequest, key: string): UpstreamRequest {
  return { ...request, headers: { ...request.headers, 'idempotency-key': key } };
}

/** Our key is known there with another order, because files were uploaded anew or settings have changed since. */
function isTaken(error: unknown): boolean {
  const cause = error instanceof GenlockError ? error.detail.cause : undefined;
  return GenerationError.isInstance(cause) && cause.code === 'idempotency_conflict';
}

/** Delivers once all jobs have ended, without those that failed. Fails if all failed. */
export async function pollJobs(
  contract: Contract,
  line: Line,
  upstreamId: string,
  call: ProviderCall,
): Promise<PollReply> {
  const jobs = await Promise.all(upstreamId.split(BETWEEN).map((id) => look(contract, line, id, call)));
  tellProgress(jobs, call);
  if (jobs.some(({ state }) => state === 'running'))
    return accepted(upstreamId, line.settings, contract.pollMs);
  return end(line, jobs, call);
}

async function look(contract: Contract, line: Line, id: string, call: ProviderCall): Promise<Job> {
  const request = contract.look(id, call);
  if (request === undefined) throw new GenlockError('upstream_failed', undefined, { raw: `no job ${id}` });
  try {
    return contract.read(await line.ask(request, call), 'look', line, call);
  } catch (error) {
    if (contract.isEnd === undefined || !(error instanceof GenlockError)) throw error;
    const { cause } = error.detail;
    if (!GenerationError.isInstance(cause) || !contract.isEnd(cause)) throw error;
    return { id, state: 'failed', failure: error };
  }
}

function tellProgress(jobs: readonly Job[], { tell }: ProviderCall): void {
  const percents = jobs.map(({ state, percent = 0 }) => (state === 'running' ? percent : 100));
  const percent = Math.floor(percents.reduce((sum, one) => sum + one, 0) / jobs.length);
  const metrics = jobs.find((job) => job.metrics !== undefined)?.metrics ?? {};
  if (percent > 0) tell({ percent: Math.min(100, percent), metrics });
}

async function end(
  line: Line,
  jobs: readonly Job[],
  call: ProviderCall,
  lost: Pick<Delivered, 'lostCalls'> = {},
): Promise<PollReply> {
  const done = jobs.filter(({ state }) => state === 'succeeded');
  if (done.length === 0)
    return { state: 'failed', error: jobs[0]?.failure ?? new GenlockError('upstream_failed') };
  const told = { ...usageOf(done), ...costOf(done), ...lost };
  const outputs = done.flatMap(({ output }) => output ?? []);
  if (outputs.length > 0) return { state: 'finished', outputs, ...told };
  const links = done.flatMap(({ links = [] }) => links);
  return finishedWith(
    links.map((link) => ({ ...link, url: link.url.startsWith('/') ? line.url(link.url) : link.url })),
    call,
    line,
    told,
  );
}

function usageOf(jobs: readonly Job[]): Pick<Delivered, 'usage'> {
  const usage = jobs.find((job) => job.usage !== undefined)?.usage;
  return usage === undefined ? {} : { usage };
}

function costOf(jobs: readonly Job[]): Pick<Delivered, 'cost'> {
  const costs = jobs.flatMap(({ cost }) => cost ?? []);
  return costs.length === 0 ? {} : { cost: costs.reduce((sum, one) => sum + one, 0) };
}

/** Looks up everything that a call may have ordered. A look-up without an answer says nothing. */
export async function findJobs(
  contract: Contract,
  line: Line,
  { idempotencyKey, signal }: ProviderCall,
): ReturnType<NonNullable<Provider['find']>> {
  const ids: string[] = [];
  try {
    for (let part = 0; part < MAX_PARTS; part += 1) {
      const id = await contract.find?.(line, keyOf(idempotencyKey, part), signal);
      if (id === undefined) break;
      ids.push(id);
    }
  } catch {
    return 'unknown';
  }
  return ids.length === 0 ? 'never_arrived' : { upstreamId: ids.join(BETWEEN) };
}

const CANCEL_MS = 10_000;

/** Cancels all of them. @throws GenlockError if one could not be canceled */
export async function cancelJobs(contract: Contract, line: Line, upstreamId: string): Promise<void> {
  await Promise.all(
    upstreamId.split(BETWEEN).map(async (id) => {
      const request = contract.cancel?.(id);
      if (request !== undefined) await line.ask(request, { signal: AbortSignal.timeout(CANCEL_MS) });
    }),
  );
}
