import { kiaraCatalogue, rowId } from '@genlock/contracts';
import { expect } from 'vitest';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { type Answer, bearer, type Call, callsTo, idOf } from '../../testing/call.ts';
import type { TestGateway } from '../../testing/gateway.ts';
import { formWithPixel } from '../../testing/pixel.ts';

export { type Answer, type Call, idOf } from '../../testing/call.ts';
export { rawCall } from '../../testing/raw-call.ts';
export { started } from '../../testing/started.ts';

/** The base body of the contract's scenarios (section 18). */
export const B = { prompt: 'a red mug on oak' };

/** Calls Kiara with a key. */
export function caller(gateway: Pick<TestGateway, 'url'>, key?: string): Call {
  return callsTo(`${gateway.url}/kiara`, bearer(key));
}

/** Asserts that an answer is what a row of the table promises, including the headers. */
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

const PATIENCE_MS = 45_000;

/** Waits until a job has ended, and reads it. */
export async function ended(gateway: TestGateway, call: Call, id: string): Promise<Answer> {
  await waitForEnd(gateway.core, id, PATIENCE_MS);
  return call('GET', `/v1/generations/${id}`);
}

/** Makes an image for a new customer and waits for its end. */
export async function makeImage(gateway: TestGateway, body: object = B) {
  const { id: account, key } = await gateway.customer({ dialect: 'kiara' });
  const call = caller(gateway, key.key);
  const id = idOf(await call('POST', '/v1/generations', body));
  const { json } = await ended(gateway, call, id);
  return { account, call, id, json };
}

/** The same from an uploaded image. */
export async function makeFromUpload(gateway: TestGateway) {
  const { key } = await gateway.customer({ dialect: 'kiara' });
  const call = caller(gateway, key.key);
  const upload = await call('POST', '/v1/uploads', formWithPixel());
  const body = { product: 'kiara-reference', prompt: 'in red', source_image_url: upload.json.url };
  const id = idOf(await call('POST', '/v1/generations', body));
  const { json } = await ended(gateway, call, id);
  return { id, json };
}
