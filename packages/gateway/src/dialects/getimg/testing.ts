import { createServer } from 'node:http';
import { getimgCatalogue, rowId } from '@genlock/contracts';
import sharp from 'sharp';
import { expect } from 'vitest';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { type Answer, bearer, type Call, callsTo, idOf } from '../../testing/call.ts';
import type { TestGateway } from '../../testing/gateway.ts';
import { listen } from '../../testing/listen.ts';

export { balanceOf, ledgerOf } from '../../testing/books.ts';
export { type Answer, type Call, idOf } from '../../testing/call.ts';

/** Small and quick to make. */
export const IMAGE = { model: 'seedream-5-lite', prompt: 'a red mug on oak', resolution: '1K' };
export const VIDEO = {
  model: 'seedance-v1-pro',
  prompt: 'a red mug on oak',
  resolution: '480p',
  aspect_ratio: '1:1',
};

export const IMAGES = '/v2/images/generations';
export const VIDEOS = '/v2/videos/generations';

/** Calls getimg with a key. */
export function caller(gateway: Pick<TestGateway, 'url'>, key?: string): Call {
  return callsTo(`${gateway.url}/getimg`, bearer(key));
}

export interface Customer {
  readonly id: string;
  readonly key: { readonly id: string; readonly key: string };
  readonly call: Call;
}

/** A workspace with money, and with limits that no test reaches unless it sets them. */
export async function customer(
  gateway: TestGateway,
  options: { credit_usd?: string; key?: object; account?: object } = {},
): Promise<Customer> {
  const limits = { requests_per_minute: 1000, video_requests_per_minute: 1000, concurrent: 100 };
  const made = await gateway.customer({
    dialect: 'getimg',
    ...options,
    key: { limits, ...options.key },
  });
  return { ...made, call: caller(gateway, made.key.key) };
}

const DOC_URL: Readonly<Record<number, string>> = {
  401: 'https://docs.getimg.ai/guides/authentication',
  402: 'https://docs.getimg.ai/guides/billing',
  429: 'https://docs.getimg.ai/guides/rate-limits',
};

/** Asserts that an answer is what a row of the table promises, including the headers. */
export function expectFault(answer: Answer, row: string, param: string | null = null): void {
  const expected = getimgCatalogue.rows.find((one) => rowId(one) === row);
  if (expected?.status == null) throw new Error(`no row ${row} of a response`);
  expect([answer.status, answer.text]).toEqual([expected.status, expect.stringContaining(expected.code)]);
  const page = DOC_URL[expected.status];
  expect(answer.json).toEqual({
    error: {
      message: expect.stringMatching(/\S/),
      type: 'invalid_request_error',
      param,
      code: expected.code,
      ...(page !== undefined && { doc_url: page }),
    },
  });
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  const retryAfter = answer.headers.get('retry-after');
  if (expected.status === 429) expect(retryAfter).toMatch(/^([1-9]|[1-5]\d|60)$/);
  else expect(retryAfter).toBeNull();
  expect(answer.headers.get('www-authenticate')).toBe(expected.status === 401 ? 'Bearer' : null);
}

export const limitsOf = ({ headers }: Answer) =>
  ['limit', 'remaining', 'reset'].map((name) => {
    const value = headers.get(`x-ratelimit-${name}`);
    return value === null ? null : Number(value);
  });

export interface Item {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly mime_type: string;
  readonly deletes_at: string;
  readonly duration?: number;
}

export function itemOf(answer: Answer): Item {
  const [item] = (answer.json.data ?? []) as Item[];
  if (item === undefined) throw new Error(`no data: ${answer.status} ${answer.text}`);
  return item;
}

const PATIENCE_MS = 45_000;

/** Waits until a video has ended, and reads it. */
export async function ended(gateway: TestGateway, call: Call, id: string): Promise<Answer> {
  await waitForEnd(gateway.core, id, PATIENCE_MS);
  return call('GET', `${VIDEOS}/${id}`);
}

/** Submits a video and waits for its end. */
export async function film(
  gateway: TestGateway,
  call: Call,
  body: object = VIDEO,
  steering = 'clip=1',
): Promise<Answer> {
  const submitted = await call('POST', VIDEOS, body, { 'genlock-sandbox': steering });
  return ended(gateway, call, idOf(submitted));
}

/** Resolves with the id of the next generation that a worker starts. */
export function nextRunning(gateway: TestGateway): Promise<string> {
  return new Promise((resolve) => {
    const unsubscribe = gateway.core.store.subscribe((event) => {
      if (event.kind !== 'changed' || event.status !== 'running') return;
      unsubscribe();
      resolve(event.generationId);
    });
  });
}

export interface Pictures {
  readonly good: string;
  /** Returns something that is not a picture. */
  readonly broken: string;
  /** Returns 404. */
  readonly gone: string;
  close(): void;
}

/** A loopback server with reference pictures that the emulator may fetch. */
export async function servePictures(): Promise<Pictures> {
  const png = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#335' } })
    .png()
    .toBuffer();
  const server = createServer((request, response) => {
    if (request.url === '/good.png') response.writeHead(200, { 'content-type': 'image/png' }).end(png);
    else if (request.url === '/broken.png') response.writeHead(200).end('no picture');
    else response.writeHead(404).end();
  });
  const base = await listen(server);
  return {
    good: `${base}/good.png`,
    broken: `${base}/broken.png`,
    gone: `${base}/gone.png`,
    close: () => void server.close(),
  };
}
