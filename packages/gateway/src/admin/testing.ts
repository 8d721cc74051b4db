import { expect } from 'vitest';
import type { TestGateway } from '../testing/gateway.ts';

/* What the tests of this folder share. */

/** A call with exactly this body and these headers. */
export async function raw(
  gateway: TestGateway,
  method: string,
  path: string,
  init: {
    readonly body?: string | Uint8Array<ArrayBuffer>;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const response = await fetch(`${gateway.url}/admin/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${gateway.adminToken}`, ...init.headers },
    ...(init.body !== undefined && { body: init.body }),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

/** Expects a problem document with this status that names this field. */
export function expectProblem(
  answer: { readonly status: number; readonly body: unknown },
  status: number,
  param?: string,
): void {
  expect(answer).toMatchObject({ status, body: { status, ...(param !== undefined && { param }) } });
  expect(Object.keys(answer.body as object)).toEqual(
    expect.arrayContaining(['type', 'title', 'detail', 'code', 'request_id']),
  );
}

/** Orders an image by Kiara's API and returns its id. */
export async function orderImage(gateway: TestGateway, key: string, body: object = {}): Promise<string> {
  const response = await fetch(`${gateway.url}/kiara/v1/generations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ product: 'kiara-vogue', prompt: 'a red mug on oak', ...body }),
  });
  const answer = (await response.json()) as { id?: string };
  if (answer.id === undefined) throw new Error(`not admitted: ${response.status} ${JSON.stringify(answer)}`);
  return answer.id;
}
