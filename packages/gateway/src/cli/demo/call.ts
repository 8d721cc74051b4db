import { type Access, SceneError } from './scene.ts';

/**
 * A call of a dialect with the customer's key. With a body it is a POST that may safely be sent again.
 *
 * @throws SceneError with the status and body of an error answer
 */
export async function call(
  { key, signal }: Access,
  url: string,
  body?: object,
  extra?: Record<string, string>,
): Promise<Response> {
  const method = body === undefined ? 'GET' : 'POST';
  const response = await fetch(url, {
    method,
    signal,
    headers: {
      authorization: `Bearer ${key}`,
      ...extra,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  const text = await response.text();
  throw new SceneError(
    `${method} ${new URL(url).pathname} was answered ${response.status}: ${text.slice(0, 500)}`,
  );
}

export async function callJson<Answer>(
  access: Access,
  path: string,
  body?: object,
  headers?: Record<string, string>,
): Promise<Answer> {
  return (await (await call(access, access.base + path, body, headers)).json()) as Answer;
}

export async function download(access: Access, url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await call(access, url)).arrayBuffer());
}
