import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A call with headers that `fetch` does not allow, such as `Host`. */
export function rawCall(
  url: string,
  { body, ...options }: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof rawCall>>>();
  request(url, options, (response) => {
    const { statusCode: status = 0, headers } = response;
    text(response).then((text) => resolve({ status, headers, text }), reject);
  })
    .on('error', reject)
    .end(body);
  return promise;
}
