import { randomUUID } from 'node:crypto';
import type { CallBook } from './call-book.ts';
import { type FateInQueue, fatesOf } from './fates.ts';
import type { MediaFiles } from './files.ts';
import { type Call, sendJson } from './http-server.ts';
import { orderIn } from './orders.ts';
import type { Random } from './random.ts';

interface Prediction {
  readonly id: string;
  readonly order: string;
  readonly file: string;
  readonly fate: FateInQueue;
  polls: number;
  status: string;
}

export interface QueueParts {
  readonly random: Random;
  readonly files: MediaFiles;
  readonly book: CallBook;
  readonly origin: () => string;
}

/** The states that polls show one after the other; the last one stays. */
const STATES: Readonly<Partial<Record<FateInQueue, readonly string[]>>> = {
  states_out_of_order: ['processing', 'starting', 'processing', 'succeeded'],
  unknown_states: ['warming_up', 'thinking', 'succeeded'],
  failed_once: ['processing', 'failed'],
  never_ends: ['processing'],
};

/** Replicate's API: an order is accepted, polled, and ends with a link. */
export function createQueue(parts: QueueParts): (call: Call) => void {
  const predictions = new Map<string, Prediction>();
  const fetched = new Map<string, number>();
  return (call) => {
    const { method, path } = call;
    if (path.startsWith('/queue/files/')) return sendFile(call, parts.files, fetched);
    const [id = '', action] = path.split('/predictions/')[1]?.split('/') ?? [];
    const known = predictions.get(id);
    if (method === 'POST' && id === '') {
      const made = take(call, parts);
      if (made !== undefined) predictions.set(made.id, made);
      return;
    }
    if (known === undefined) return sendJson(call.response, 404, { detail: 'not found' });
    if (action === 'cancel') known.status = 'canceled';
    else if (troubles(known, call)) return;
    else if (method === 'GET') advance(known, parts.book);
    return sendJson(call.response, 200, shown(known, parts.origin()));
  };
}

function take({ path, body, response }: Call, { random, book, origin }: QueueParts): Prediction | undefined {
  const order = orderIn(body);
  if (order === undefined) return void sendJson(response, 422, { detail: 'which order?' });
  const nth = book.call(order);
  const fate = nth === 1 ? fatesOf(random, order).queued : 'fine';
  if (fate === 'dropped_before_accept') return void response.destroy();
  if (fate === 'busy_once')
    return void sendJson(response, 429, { detail: 'throttled' }, { 'retry-after': '1' });
  book.pay(order);
  const file = path.includes('clip') ? 'clip' : 'picture';
  const made = { id: randomUUID().replaceAll('-', ''), order, file, fate, polls: 0, status: 'starting' };
  if (fate === 'dropped_after_accept') response.destroy();
  else sendJson(response, 201, shown(made, origin()));
  return made;
}

/** Whether a poll fails, which says nothing about the work. */
function troubles(prediction: Prediction, { response }: Call): boolean {
  if (prediction.fate !== 'trouble_asking' || prediction.polls >= 3) return false;
  prediction.polls += 1;
  if (prediction.polls === 1) response.destroy();
  else response.writeHead(prediction.polls === 2 ? 502 : 429).end('later');
  return true;
}

function advance(prediction: Prediction, book: CallBook): void {
  if (prediction.status === 'canceled' || prediction.status === 'failed') return;
  const states = STATES[prediction.fate] ?? ['processing', 'succeeded'];
  const at = prediction.fate === 'trouble_asking' ? states.length - 1 : prediction.polls;
  prediction.status = states[Math.min(at, states.length - 1)] ?? 'succeeded';
  prediction.polls += 1;
  if (prediction.status === 'failed') book.refund(prediction.order);
}

function shown({ id, file, fate, status }: Prediction, origin: string): object {
  const name = fate === 'garbage' ? 'garbage' : `${file}-${fate === 'late_file' ? 'late' : 'now'}-${id}`;
  return {
    id,
    status,
    error: status === 'failed' ? 'the model failed' : null,
    output: status === 'succeeded' ? [`${origin}/queue/files/${name}`] : null,
    metrics: { predict_time: 1 },
    urls: {
      get: `${origin}/queue/v1/predictions/${id}`,
      cancel: `${origin}/queue/v1/predictions/${id}/cancel`,
    },
  };
}

function sendFile({ path, response }: Call, files: MediaFiles, fetched: Map<string, number>): void {
  const times = (fetched.get(path) ?? 0) + 1;
  fetched.set(path, times);
  if (path.includes('-late-') && times < 3) return void response.writeHead(404).end();
  if (path.endsWith('garbage')) return void response.end('no picture');
  response.end(path.includes('/clip-') ? files.clip : files.picture);
}
