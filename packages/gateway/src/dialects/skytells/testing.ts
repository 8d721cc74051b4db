import { createServer } from 'node:http';
import { rowId, skytellsCatalogue } from '@genlock/contracts';
import { expect } from 'vitest';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { renderVideo } from '../../providers/sandbox/media/video.ts';
import { type Answer, type Call, callsTo } from '../../testing/call.ts';
import type { TestGateway } from '../../testing/gateway.ts';
import { listen } from '../../testing/listen.ts';

export { balanceOf, movesOf } from '../../testing/books.ts';
export { type Answer, type Call, idOf } from '../../testing/call.ts';
export { started } from '../../testing/started.ts';

/** The prediction that is quickest to make. */
export const IMG = { model: 'truefusion', input: { prompt: 'a red mug', width: 64, height: 64 } };
export const VID = {
  model: 'truefusion-video',
  input: { prompt: 'a red boat', seconds: 3, resolution: '480p', fps: 2 },
};
export const SONG = { model: 'beatfusion-2.0', input: { lyrics: 'la la la' } };

/** Calls Skytells with a key. Like its SDK, it sends `application/json` with or without a body. */
export function caller(gateway: Pick<TestGateway, 'url'>, key?: string): Call {
  return callsTo(`${gateway.url}/skytells`, {
    'content-type': 'application/json',
    ...(key !== undefined && { 'x-api-key': key }),
  });
}

/** An account with limits high enough for a test's many calls. */
export async function customer(
  gateway: TestGateway,
  {
    credit_usd = '100',
    key = {},
    limits = {},
    ...account
  }: { credit_usd?: string; key?: object; limits?: object; plan?: string } = {},
): Promise<{ readonly id: string; readonly key: string; readonly keyId: string; readonly call: Call }> {
  const made = await gateway.customer({
    dialect: 'skytells',
    credit_usd,
    key,
    account: { limits: { requests_per_minute: 10_000, concurrent: 100, ...limits }, ...account },
  });
  return { id: made.id, key: made.key.key, keyId: made.key.id, call: caller(gateway, made.key.key) };
}

/** Asserts that an answer is what a row of the table promises, in the form of its place, including the headers. */
export function expectFault(answer: Answer, row: string, details?: unknown): void {
  const expected = rowOf(row);
  const { status, retryAfter } = expected;
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(expected.code)]);
  expectErrorHeaders(answer, status, retryAfter);
  expect(answer.json).toEqual({
    status: false,
    response: expect.stringMatching(/\S/),
    error: {
      http_status: status,
      message: expect.stringMatching(/\S/),
      details: details ?? (answer.json.error as { details?: unknown }).details,
      error_id: expected.code,
    },
  });
  expect((answer.json.error as object) ?? {}).toHaveProperty('details');
}

/** The same on the inference routes (contract section 12). */
export function expectInferenceFault(answer: Answer, row: string, param: string | null = null): void {
  const expected = rowOf(row);
  const { status, retryAfter, inference } = expected;
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(expected.code)]);
  expectErrorHeaders(answer, status, retryAfter);
  expect(answer.json).toEqual({
    error: {
      message: expect.stringMatching(/\S/),
      ...inference,
      error_id: expected.code,
      status,
      param,
      request_id: answer.headers.get('x-request-id'),
      details: { category: expect.stringMatching(/^(request|service)$/) },
    },
  });
}

function rowOf(row: string) {
  const expected = skytellsCatalogue.rows.find((one) => rowId(one) === row);
  if (expected === undefined) throw new Error(`no row ${row}`);
  return expected;
}

function expectErrorHeaders({ headers }: Answer, status: number | null, retryAfter: boolean): void {
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('x-request-id')).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(headers.get('access-control-allow-origin')).toBe('*');
  if (retryAfter) expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  else expect(headers.get('retry-after')).toBeNull();
  expect(headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
}

const PATIENCE_MS = 45_000;

/** Waits until a prediction has ended, and reads it. */
export async function ended(gateway: TestGateway, call: Call, id: string): Promise<Answer> {
  await waitForEnd(gateway.core, id, PATIENCE_MS);
  return call('GET', `/v1/predictions/${id}`);
}

export interface MediaServer {
  readonly url: string;
  close(): void;
}

/** Serves source files of the length in their name: `/4.mp4`, `/3.9.mp4`, and some that are not clips. */
export async function serveMedia(): Promise<MediaServer> {
  const clip = async (durationSeconds: number) =>
    (
      await renderVideo({
        kind: 'video',
        prompt: 'x',
        seed: 1,
        width: 64,
        height: 48,
        durationSeconds,
        fps: 10,
        sound: false,
      })
    ).bytes;
  const four = await clip(4);
  const files: Readonly<Record<string, Uint8Array>> = {
    '/4.mp4': four,
    '/3.9.mp4': await clip(3.9),
    '/cut.mp4': four.subarray(0, four.length >> 1),
    '/text.mp4': Buffer.from('this is no clip'),
  };
  const server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  return { url: await listen(server), close: () => server.close() };
}

/** Changes a model while `run` runs. */
export async function withModel(
  gateway: TestGateway,
  id: string,
  change: object,
  run: () => Promise<void>,
): Promise<void> {
  await gateway.admin('PATCH', `/models/skytells/${id}`, change);
  try {
    await run();
  } finally {
    await gateway.admin('DELETE', `/models/skytells/${id}`);
  }
}
