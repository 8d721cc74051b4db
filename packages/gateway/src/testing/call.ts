interface Members {
  readonly [name: string]: unknown;
}

export interface Answer<Json = Members> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the body; empty if it is not JSON. */
  readonly json: Json;
}

export type Call<Json = Members> = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer<Json>>;

/**
 * Makes calls below a base URL, as a customer's program does, with its own headers each time. Text, bytes and forms are sent unchanged,
 * anything else as JSON. A complete URL is called as it is.
 */
export function callsTo<Json = Members>(
  base: string,
  own: Readonly<Record<string, string>> = {},
): Call<Json> {
  return async (method, path, body, headers = {}) => {
    const typed: Record<string, string> =
      body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' };
    const response = await fetch(path.startsWith('http') ? path : base + path, {
      method,
      redirect: 'manual',
      headers: { ...typed, ...own, ...headers },
      body: body === undefined || isRaw(body) ? (body ?? null) : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /^application\/(?:problem\+)?json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text !== '' ? JSON.parse(text) : {},
    };
  };
}

export function bearer(key: string | undefined): Readonly<Record<string, string>> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

export function idOf({ status, text, json }: Answer): string {
  if (typeof json.id !== 'string') throw new Error(`no id: ${status} ${text}`);
  return json.id;
}

function isRaw(body: unknown): body is string | Uint8Array<ArrayBuffer> | FormData {
  return typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData;
}
