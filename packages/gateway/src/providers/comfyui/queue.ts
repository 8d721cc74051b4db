import type { JsonObject } from '../../domain/json.ts';
import { failureOf } from '../upstream/failure.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { failures } from './failures.ts';
import { holds, readHistory, readQueue } from './replies.ts';
import { deleteRequest, historyRequest, interruptRequest, queueRequest } from './requests.ts';

const CANCEL_MS = 10_000;

interface CallOptions {
  readonly signal: AbortSignal;
  readonly traceparent?: string;
}

/** Where a prompt is. The queue is read first: a prompt that leaves the queue meanwhile is then in the history. */
export async function look(
  upstream: Upstream,
  id: string,
  options: CallOptions,
): Promise<'queued' | 'gone' | { readonly entry: unknown }> {
  const { queue_running: running, queue_pending: pending } = readQueue(
    await ask(upstream, queueRequest, options),
  );
  if (holds(running, id) || holds(pending, id)) return 'queued';
  const history = readHistory(await ask(upstream, historyRequest(id), options)) as JsonObject;
  return Object.hasOwn(history, id) ? { entry: history[id] } : 'gone';
}

/**
 * First removes a waiting prompt from the queue and only then interrupts a running one, so that it cannot move from one to the other
 * unnoticed.
 */
export async function cancel(upstream: Upstream, id: string): Promise<void> {
  const options = { signal: AbortSignal.timeout(CANCEL_MS) };
  await ask(upstream, deleteRequest(id), options);
  const { queue_running: running } = readQueue(await ask(upstream, queueRequest, options));
  if (holds(running, id)) await ask(upstream, interruptRequest(id), options);
}

/** The body of an answer. @throws GenlockError unless it is a success */
export async function ask(
  upstream: Upstream,
  request: UpstreamRequest,
  { signal, traceparent }: CallOptions,
): Promise<Uint8Array> {
  const answer = await upstream.send(request, { signal, ...(traceparent !== undefined && { traceparent }) });
  if (answer.status < 200 || answer.status > 299) throw failureOf(answer, failures, false);
  return answer.body;
}
