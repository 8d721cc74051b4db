import { request as httpRequest } from 'node:http';
import { kiaraCatalogue, rowId } from '@genlock/contracts';
import { expect } from 'vitest';
import { waitForEnd } from '../../gateway/wait.ts';
import type { TestGateway } from '../../testing/gateway.ts';

/** The base body of the contract's scenarios (section 18). */
export const B = { prompt: 'a red mug on oak' };

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the body; undefined where it is none. */
  readonly json: { readonly [name: string]: unknown };
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** Calls Kiara with a key. A string or bytes go as they are, anything else as JSON. */
export function caller(gateway: Pick<TestGateway, 'url'>, key?: string): Call {
  return async (method, path, body, headers = {}) => {
    const typed: Record<string, string> =
      body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${gateway.url}/kiara${path}`, {
      method,
      redirect: 'manual',
      headers: { ...typed, ...(key !== undefined && { authorization: `Bearer ${key}` }), ...headers },
      body: body === undefined || isRaw(body) ? (body ?? null) : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text !== '' ? JSON.parse(text) : {},
    };
  };
}

function isRaw(body: unknown): body is string | Uint8Array<ArrayBuffer> | FormData {
  return typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData;
}

/** A call with headers that `fetch` does not let through, such as `Host`. */
export function rawCall(
  url: string,
  options: { method?: string; headers?: Record<string, string> },
): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  httpRequest(url, options, (response) => {
    response.setEncoding('utf8');
    let text = '';
    response.on('data', (chunk) => {
      text += chunk;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
  })
    .on('error', reject)
    .end();
  return promise;
}

/** Asserts that an answer is what a row of the table promises, down to the headers. */
export function expectFault(answer: Answer, row: string, field?: string): void {
  const expected = kiaraCatalogue.rows.find((one) => rowId(one) === row);
  if (expected === undefined) throw new Error(`no row ${row}`);
  expect([answer.status, answer.text]).toEqual([expected.status, expect.stringContaining(expected.code)]);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const requestId = answer.headers.get('x-request-id');
  expect(requestId).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(answer.json).toEqual({
    error: {
      code: expected.code,
      message: expect.stringMatching(/\S/),
      request_id: requestId,
      ...(field !== undefined && { field }),
      ...(field === undefined && answer.text.includes('"field"') && { field: expect.any(String) }),
      ...(answer.text.includes('"reason"') && { reason: 'not_cancelable' }),
    },
  });
  const retryAfter = answer.headers.get('retry-after');
  if (expected.retryAfter) expect(retryAfter).toMatch(/^[1-9]\d*$/);
  else expect(retryAfter).toBeNull();
  expect(answer.headers.get('www-authenticate')).toBe(expected.status === 401 ? 'Bearer' : null);
}

export function idOf(answer: Answer): string {
  if (typeof answer.json.id !== 'string') throw new Error(`no id: ${answer.status} ${answer.text}`);
  return answer.json.id;
}

const PATIENCE_MS = 45_000;

/** Waits until a job ended, and reads it. */
export async function ended(gateway: TestGateway, call: Call, id: string): Promise<Answer> {
  await waitForEnd(gateway.core, id, PATIENCE_MS);
  return call('GET', `/v1/generations/${id}`);
}

/** Waits until a worker has taken a job on. */
export async function started(gateway: TestGateway, id: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () =>
    void gateway.core.store.generation(id).then((one) => one?.status !== 'queued' && resolve(), resolve);
  const unsubscribe = gateway.core.store.subscribe(look);
  look();
  await promise;
  unsubscribe();
}
