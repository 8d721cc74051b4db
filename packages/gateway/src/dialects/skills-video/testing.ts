import { rowId, type SkillsVideoRow, skillsVideoCatalogue } from '@genlock/contracts';
import { expect } from 'vitest';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { type Answer, bearer, type Call, callsTo, idOf } from '../../testing/call.ts';
import type { TestAccount, TestGateway, TestKey } from '../../testing/gateway.ts';

export { type Answer, type Call, idOf } from '../../testing/call.ts';
export { PIXEL } from '../../testing/pixel.ts';
export { started } from '../../testing/started.ts';

export const IMAGE = 'bytedance/seedream-5-lite';
export const FILM = 'kling-ai/v3/video';
export const SPEECH = 'minimax-tts/speech-02-hd';
/** Small enough to be made at once. */
export const SMALL_FILM = 'luma/ray-2-flash';
export const SHORT = { prompt: 'a red mug on oak', duration: 1, resolution: '480p', aspect_ratio: '1:1' };
export const P = { prompt: 'a red mug on oak' };

/** Synchronous speech. */
export const SPEAK = '/api/ai/tts/generate';
export const SAY = { modelId: SPEECH, input: { text: 'good morning' } };

/** The header that steers a call. */
export const steer = (value: string) => ({ 'genlock-sandbox': value });

/** Calls skills.video with a key. */
export function caller(gateway: Pick<TestGateway, 'url'>, key?: string): Call {
  return callsTo(`${gateway.url}/skills-video`, bearer(key));
}

export interface Customer extends TestAccount {
  readonly key: TestKey;
  readonly call: Call;
}

/** A workspace with a key. `credit_usd` goes to the permanent bucket; `subscription`, if given, to the other one. */
export async function customer(
  gateway: TestGateway,
  {
    subscription,
    ...options
  }: { credit_usd?: string; subscription?: string; account?: object; key?: object } = {},
): Promise<Customer> {
  const made = await gateway.customer({ dialect: 'skills-video', ...options });
  if (subscription !== undefined)
    await gateway.admin('POST', `/accounts/${made.id}/top-ups`, {
      usd: subscription,
      bucket: 'subscription',
    });
  return { ...made, call: caller(gateway, made.key.key) };
}

export const create = (model: string): string => `/api/v1/generation/${model}`;
export const stream = (model: string): string => `/api/v1/generation/sse/${model}`;

/** Asserts that an answer is what a row of the table promises, including the headers. */
export function expectFault(answer: Answer, id: string): void {
  const row = rowOf(id);
  expect([answer.status, answer.json]).toEqual([
    row.status,
    { error: row.legacy, code: row.code, message: expect.stringMatching(/\S/) },
  ]);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
  const retryAfter = answer.headers.get('retry-after');
  if (row.retryAfter) expect(retryAfter).toMatch(/^[1-9]\d*$/);
  else expect(retryAfter).toBeNull();
  expect(answer.headers.get('www-authenticate')).toBe(row.status === 401 ? 'Bearer' : null);
  expectWords(row, String(answer.json.message));
}

/** The words that the published classifier looks for (contract section 11.1) occur where they are true, and nowhere else. */
function expectWords({ code }: SkillsVideoRow, message: string): void {
  expect(/insufficient credit|not enough credit|credit balance|top up|recharge/i.test(message)).toBe(
    code.endsWith('INSUFFICIENT_CREDITS'),
  );
  expect(/unauthorized/i.test(message)).toBe(code === 'UNAUTHORIZED');
  expect(/validation/i.test(message)).toBe(code.endsWith('INVALID_INPUT'));
  expect(message).not.toMatch(/Error:|\/(?:work|tmp|home)\//);
}

/** Asserts that a task failed as a row promises. */
export function expectFailed(task: { readonly [name: string]: unknown }, id: string): void {
  const row = rowOf(id);
  expect(task).toMatchObject({
    status: 'FAILED',
    data: null,
    code: row.code,
    message: expect.stringMatching(/\S/),
    usage: { total: 0, subscription: 0, permanent: 0 },
  });
  expectWords(row, String(task.message));
}

function rowOf(id: string): SkillsVideoRow {
  const row = skillsVideoCatalogue.rows.find((one) => rowId(one) === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
}

const PATIENCE_MS = 45_000;

/** Waits until a task has ended, and reads it. */
export async function ended(gateway: TestGateway, call: Call, id: string): Promise<Answer> {
  await waitForEnd(gateway.core, id, PATIENCE_MS);
  return call('GET', `/api/v1/generation/${id}`);
}

/** Creates a task, waits for its end and reads it. */
export async function run(
  gateway: TestGateway,
  call: Call,
  model: string,
  body: unknown,
  steering?: string,
): Promise<Answer> {
  const headers = steering === undefined ? {} : { 'genlock-sandbox': steering };
  return ended(gateway, call, idOf(await call('POST', create(model), body, headers)));
}

/** The JSON of each event of a whole stream. Asserts that it contains only unnamed events and comments. */
export function eventsIn(text: string): readonly { readonly [name: string]: unknown }[] {
  expect(text.endsWith('\n\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n\n')
    .filter((frame) => !frame.startsWith(':'))
    .map((frame) => {
      expect(frame).toMatch(/^data: \{.*\}$/);
      return JSON.parse(frame.slice('data: '.length));
    });
}

/** The remaining credits of each bucket. */
export async function balance(call: Call): Promise<unknown> {
  return (await call('GET', '/api/v1/credits')).json;
}

/** Expects the same refusal on both ways to create; a refused task costs nothing. */
export async function expectRefused(
  gateway: TestGateway,
  { id, call }: Customer,
  model: string,
  body: unknown,
  row: string,
  headers?: Record<string, string>,
): Promise<void> {
  const before = await balance(call);
  for (const path of [create(model), stream(model)])
    expectFault(await call('POST', path, body, headers), row);
  expect(await balance(call)).toEqual(before);
  const all = { accountId: id, dialect: 'skills-video', mode: 'live', offset: 0, limit: 1 } as const;
  expect((await gateway.core.store.generationsByNumber(all)).total).toBe(0);
}

/** Expects a task to be accepted and then to fail, with the credits returned. */
export async function expectToFail(
  gateway: TestGateway,
  { call }: Customer,
  model: string,
  body: unknown,
  row: string,
  steering?: string,
): Promise<void> {
  const before = await balance(call);
  const task = await run(gateway, call, model, body, steering);
  expect(task.status).toBe(200);
  expectFailed(task.json, row);
  expect(await balance(call)).toEqual(before);
}
