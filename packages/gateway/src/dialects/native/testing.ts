import { canonicalErrors, nativeCatalogue, rowId } from '@genlock/contracts';
import { expect } from 'vitest';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { type Answer, bearer, type Call, callsTo } from '../../testing/call.ts';
import type { TestGateway } from '../../testing/gateway.ts';

export { ledgerOf } from '../../testing/books.ts';
export { type Answer, type Call, idOf } from '../../testing/call.ts';
export { started } from '../../testing/started.ts';

/** A small order of each kind. */
export const IMAGE = { model: 'genlock/image', input: { prompt: 'a red mug on oak', size: '256x256' } };
export const VIDEO = {
  model: 'genlock/video',
  input: { prompt: 'a boat at sea', resolution: '240p', seconds: 1 },
};
export const SPEECH = { model: 'genlock/speech', input: { text: 'Good morning.', format: 'wav' } };
export const TEXT = { model: 'genlock/text', input: { prompt: 'Tell me of the sea.', max_tokens: 24 } };

/** Calls the native API with a key. */
export function caller(gateway: Pick<TestGateway, 'url'>, key?: string): Call {
  return callsTo(`${gateway.url}/v1`, bearer(key));
}

/** An account with credits, a key and a function for calls. No test reaches its limits unless it sets them. */
export async function customer(
  gateway: TestGateway,
  { credit_usd = '100', dialect = 'native', key = {} }: CustomerOptions = {},
) {
  const limits = { requests_per_minute: 10_000, reads_per_minute: 10_000, unfinished_jobs: 1000 };
  const made = await gateway.customer({ dialect, credit_usd, key: { limits, ...key } });
  return { id: made.id, key: made.key, call: caller(gateway, made.key.key) };
}

interface CustomerOptions {
  readonly credit_usd?: string;
  readonly dialect?: string;
  readonly key?: object;
}

/** Asserts that an answer is the problem document of a row of the table, including the headers. */
export function expectProblem(answer: Answer, row: string, param?: string): void {
  const expected = nativeCatalogue.rows.find((one) => rowId(one) === row);
  if (expected === undefined) throw new Error(`no row ${row}`);
  const { code, status } = expected;
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(code)]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const requestId = answer.headers.get('x-request-id');
  expect(requestId).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  const { blame, retry, summary } = canonicalErrors[code];
  expect(answer.json).toEqual({
    type: `urn:genlock:error:${code}`,
    title: summary,
    status,
    detail: expect.stringMatching(/\S/),
    code,
    blame,
    retry,
    request_id: requestId,
    ...(param !== undefined && { param }),
    ...(param === undefined && 'param' in answer.json && { param: expect.any(String) }),
  });
  const retryAfter = answer.headers.get('retry-after');
  if (expected.retryAfter) expect(retryAfter).toMatch(/^[1-9]\d*$/);
  else expect(retryAfter).toBeNull();
  expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
}

const PATIENCE_MS = 45_000;

/** Waits until a job has ended, and reads it. */
export async function ended(gateway: TestGateway, call: Call, id: string): Promise<Answer> {
  await waitForEnd(gateway.core, id, PATIENCE_MS);
  return call('GET', `/generations/${id}`);
}

export interface ServerEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: { readonly [name: string]: unknown };
}

/** The events of a text/event-stream body. */
export function eventsOf(text: string): readonly ServerEvent[] {
  return text
    .split('\n\n')
    .filter((block) => /^data:/m.test(block))
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const [id, event] = [field('id'), field('event')];
      return {
        ...(id !== undefined && { id }),
        ...(event !== undefined && { event }),
        data: JSON.parse(field('data') ?? 'null'),
      };
    });
}
