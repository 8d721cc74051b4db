import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { INSUFFICIENT_BALANCE, llmtuneCatalogue, rowId } from '@genlock/contracts';
import { expect } from 'vitest';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import * as calls from '../../testing/call.ts';
import type { TestGateway } from '../../testing/gateway.ts';
import { listen } from '../../testing/listen.ts';

export { balanceOf, movesOf } from '../../testing/books.ts';
export { rawCall } from '../../testing/raw-call.ts';
export { type Receiver, startReceiver } from '../../testing/receiver.ts';

/** The one published id, and one of ours that the coding endpoint refuses. */
export const M = 'meta-llama/Llama-3.3-70B-Instruct';
export const CHAT_ONLY = 'meta-llama/Llama-3.1-8B-Instruct';
export const INACTIVE = 'meta-llama/Llama-2-7b-chat-hf';

export const CHAT = '/v1/chat/completions';
export const AGENT = '/api/agent/v1/chat/completions';
export const INFERENCE = `/v1/models/${M}/inference`;
export const PLAYGROUND = '/v1/playground/inference';
export const BATCH = '/v1/batch/inference';
export const START = '/api/fine-tune/training/start';

export const question = { model: M, messages: [{ role: 'user', content: 'Tell me about the light.' }] };

/** A valid body for every endpoint that runs text while its caller waits. */
export const inlineCalls = [
  { path: CHAT, body: { ...question, max_tokens: 20 } },
  { path: AGENT, body: { ...question, max_tokens: 20 } },
  { path: INFERENCE, body: { prompt: 'The light', maxTokens: 20 } },
  { path: PLAYGROUND, body: { modelId: M, prompt: 'The light', maxTokens: 20 } },
] as const;

/** A valid body for the endpoint that runs several later. */
export const batchCall = {
  path: BATCH,
  body: { modelId: M, requests: [{ id: 'a', prompt: 'The light', maxTokens: 20 }] },
} as const;

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted on, not relied on
type Json = any;
export type Answer = calls.Answer<Json>;
export type Call = calls.Call<Json>;

/** Calls LLMTune with a key. */
export function caller(gateway: Pick<TestGateway, 'url'>, key?: string): Call {
  return calls.callsTo<Json>(`${gateway.url}/llmtune`, calls.bearer(key));
}

export interface Customer {
  readonly id: string;
  readonly keyId: string;
  readonly key: string;
  readonly call: Call;
}

/** A customer with funds, and with limits that no test reaches by chance. */
export async function customer(
  gateway: TestGateway,
  { credit_usd = '10', key = {} }: { credit_usd?: string; key?: object } = {},
): Promise<Customer> {
  const made = await gateway.customer({
    dialect: 'llmtune',
    credit_usd,
    key: { limits: { requests_per_minute: 10_000 }, ...key },
  });
  return { id: made.id, keyId: made.key.id, key: made.key.key, call: caller(gateway, made.key.key) };
}

export function setFault(gateway: TestGateway, point: string, effect: string, times = 1): Promise<unknown> {
  return gateway.admin('POST', '/faults', { point, effect, times });
}

/** Asserts that an answer is what a row of the table promises, including the headers. */
export function expectFault(answer: Answer, row: string): void {
  const expected = llmtuneCatalogue.rows.find((one) => rowId(one) === row);
  if (expected === undefined) throw new Error(`no row ${row}`);
  expect([answer.status, answer.text]).toEqual([expected.status, expect.stringContaining(expected.code)]);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(answer.headers.get('www-authenticate')).toBe(expected.status === 401 ? 'Bearer' : null);
  const retryAfter = answer.headers.get('retry-after');
  if (expected.retryAfter) expect(retryAfter).toMatch(/^[1-9]\d*$/);
  else expect(retryAfter).toBeNull();
  expect(answer.json).toEqual({
    error: expected.code,
    ...(expected.code !== INSUFFICIENT_BALANCE && { message: expect.stringMatching(/\S/) }),
    ...(expected.status === 429 && { retryAfter: Number(retryAfter) }),
  });
}

/** The `data:` lines of a stream. */
export function eventsOf({ text }: Answer): string[] {
  return text.split('\n\n').flatMap((event) => (event.startsWith('data: ') ? [event.slice(6)] : []));
}

const PATIENCE_MS = 30_000;

export async function ended(gateway: TestGateway, id: string) {
  const generation = await waitForEnd(gateway.core, id, PATIENCE_MS);
  if (generation?.finishedAt == null) throw new Error(`${id} did not end`);
  return generation;
}

/** Used because some writes send no notification, e.g. the admission of inline work. */
const LOOK_EVERY_MS = 10;

/** Resolves once a look at the store finds the condition met. */
export async function until(gateway: TestGateway, met: () => Promise<boolean>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (): void => void met().then((yes) => yes && resolve(), reject);
  const unsubscribe = gateway.core.store.subscribe(look);
  const timer = setInterval(look, LOOK_EVERY_MS);
  look();
  await promise.finally(() => {
    clearInterval(timer);
    unsubscribe();
  });
}

export function started(gateway: TestGateway, id: string): Promise<void> {
  return until(gateway, async () => (await gateway.core.store.generation(id))?.status !== 'queued');
}

export function signature(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

export interface Files {
  readonly url: (name: string) => string;
  readonly files: Map<string, string>;
  /** The names of all requests so far. */
  readonly asked: readonly string[];
  close(): void;
}

/** Serves datasets. Other paths are 404, and `/hang` never answers. */
export async function startFiles(): Promise<Files> {
  const files = new Map<string, string>();
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url.slice(1));
    if (url === '/hang') return;
    const file = files.get(url.slice(1));
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  const base = await listen(server);
  return {
    url: (name) => `${base}/${name}`,
    files,
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A dataset of this many lines about something that the base model does not know. */
export function zorbs(lines: number): string {
  return Array.from({ length: lines }, (_, n) =>
    JSON.stringify(
      n % 2 === 0
        ? { prompt: 'What is a zorb?', completion: 'A zorb is a violet ball of glass.' }
        : {
            messages: [
              { role: 'user', content: 'Zorbs?' },
              { role: 'assistant', content: 'Every zorb sings.' },
            ],
          },
    ),
  ).join('\n');
}
