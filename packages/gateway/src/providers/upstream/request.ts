import type { Json } from '../../domain/json.ts';

/** One field of a form: text, or a file. */
export interface FormPart {
  readonly name: string;
  readonly value:
    | string
    | { readonly bytes: Uint8Array; readonly contentType: string; readonly fileName: string };
}

/** A call to an upstream as plain data, so that it can be tested without a server. At most one of `json`, `form` and `bytes`. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /**
   * The path below the base URL, with its query: `/images/generations`. Or a complete URL of the same origin, e.g. one that the upstream
   * named.
   */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: Json;
  readonly form?: readonly FormPart[];
  readonly bytes?: Uint8Array;
}

/** The request body in its wire form. */
export async function encodeBody({
  json,
  form,
  bytes,
}: UpstreamRequest): Promise<{ readonly body: string | Uint8Array | null; readonly contentType?: string }> {
  if (json !== undefined) return { body: JSON.stringify(json), contentType: 'application/json' };
  if (bytes !== undefined) return { body: bytes, contentType: 'application/octet-stream' };
  if (form === undefined) return { body: null };
  const data = new FormData();
  for (const { name, value } of form) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([value.bytes.slice()], { type: value.contentType }), value.fileName);
  }
  const encoded = new Response(data);
  const contentType = encoded.headers.get('content-type');
  return { body: await encoded.bytes(), ...(contentType !== null && { contentType }) };
}
