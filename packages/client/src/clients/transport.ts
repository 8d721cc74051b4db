import type { CanonicalCode } from '@genlock/contracts';
import type { Dialect } from '../dialect.ts';
import { type DialectName, type ErrorFacts, GenerationError } from '../error.ts';
import { createFetch, type FetchOptions } from '../fetch/create-fetch.ts';
import { planOf } from '../fetch/plan.ts';
import { parseJson } from '../json.ts';
import { readErrorOf } from '../parse.ts';
import type { CallOptions, ClientOptions } from './options.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Call extends CallOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the base URL, beginning with a slash; or a whole URL of a file, which is fetched without the key. */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly idempotencyKey?: string | undefined;
  /** Whoever calls tries again by himself. */
  readonly once?: boolean;
}

/** Calls of one API: sent by its retry rules, its errors thrown. */
export interface Transport<D extends DialectName> {
  readonly dialect: Dialect<D>;
  /** The answer to a call that succeeded, body unread. @throws GenerationError, or the reason of the caller's signal */
  send(call: Call): Promise<Response>;
  /** Its JSON. @throws as `send` */
  json<T>(call: Call): Promise<T>;
  /** Its whole body. @throws as `send` */
  read<T>(call: Call, body: (response: Response) => Promise<T>): Promise<T>;
}

export interface TransportOptions<D extends DialectName>
  extends ClientOptions,
    Pick<FetchOptions<D>, 'dialect' | 'optionalKeys'> {
  /** The headers by which the API knows the caller. */
  readonly auth: Readonly<Record<string, string>>;
}

/** Of a call without retries, until its answer begins: services hold one for less. */
const ONCE_MS = 90_000;
const REDIRECTED = 'the base URL leads elsewhere (a redirect); use the address that it leads to';

export function createTransport<D extends DialectName>(options: TransportOptions<D>): Transport<D> {
  const { dialect, auth, optionalKeys = false } = options;
  const base = options.baseUrl.replace(/\/+$/, '');
  const { fetch, attempts, deadlineMs, onRetry } = options;
  const common = { dialect, optionalKeys, ...(fetch && { fetch }) };
  const sendOnce = createFetch({ ...common, attempts: 1, deadlineMs: ONCE_MS });
  const sendOften = createFetch({
    ...common,
    ...(attempts !== undefined && { attempts }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(onRetry && { onRetry }),
  });

  const send = async (call: Call): Promise<Response> => {
    const isLink = !call.path.startsWith('/');
    const url = isLink ? call.path : base + call.path + queryOf(call.query);
    const known = isLink ? {} : { accept: 'application/json', ...options.headers, ...auth };
    const init = initOf(call, { ...known, ...call.headers }, isLink);
    const response = await told(dialect, call, 'upstream_unavailable', () =>
      (call.once ? sendOnce : sendOften)(url, init),
    );
    if (response.ok) return response;
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400))
      throw failure(dialect, call, 'route_not_found', REDIRECTED, { status: response.status });
    throw await readErrorOf(dialect, response);
  };

  const isPaid = ({ method = 'GET', path }: Call) =>
    planOf(dialect, { method, url: path, key: null }, optionalKeys).paid;

  // Whoever pays and cannot read the answer does not know what was done.
  const read: Transport<D>['read'] = async (call, body) => {
    const response = await send(call);
    const code = isPaid(call) ? 'outcome_unknown' : 'upstream_unavailable';
    return told(dialect, call, code, () => body(response));
  };

  return {
    dialect,
    send,
    read,
    async json<T>(call: Call) {
      const { status, source } = await read(call, async (response) => ({
        status: response.status,
        source: await response.text(),
      }));
      const value = parseJson(source);
      if (typeof value === 'object' && value !== null) return value as T;
      const words = `HTTP ${status} without the JSON that belongs to it`;
      const code = isPaid(call) ? 'outcome_unknown' : 'upstream_invalid_result';
      throw failure(dialect, call, code, words, { status, raw: source });
    },
  };
}

function initOf(call: Call, headers: Readonly<Record<string, string>>, isLink: boolean): RequestInit {
  const { method = 'GET', json, form, idempotencyKey, signal } = call;
  const body = json === undefined ? form : JSON.stringify(json);
  return {
    method,
    headers: {
      ...headers,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    // A redirect would turn a POST into a GET, and may carry the key to another host.
    redirect: isLink ? 'follow' : 'manual',
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  };
}

/** What `fetch` throws becomes an error of the dialect; what the caller's own signal says stays as it is. */
async function told<T, D extends DialectName>(
  dialect: Dialect<D>,
  call: Call,
  code: CanonicalCode,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (GenerationError.isInstance(thrown)) throw thrown;
    call.signal?.throwIfAborted();
    throw failure(dialect, call, code, 'no answer, or only a part of one', { cause: thrown });
  }
}

function failure<D extends DialectName>(
  { name }: Dialect<D>,
  { idempotencyKey }: Call,
  code: CanonicalCode,
  words: string,
  facts: Partial<ErrorFacts<D>>,
): GenerationError<D> {
  return new GenerationError<D>({
    ...facts,
    code,
    dialect: name,
    message: `${name}: ${words}.`,
    idempotencyKey,
    mayHaveBeenCharged: code === 'outcome_unknown',
  });
}

function queryOf(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) params.append(name, String(value));
  return params.size === 0 ? '' : `?${params}`;
}

/** An id as one segment of a path. @throws TypeError for one that would name another route */
export function segment(id: string): string {
  if (id === '' || id === '.' || id === '..') throw new TypeError(`"${id}" is no id.`);
  return encodeURIComponent(id);
}
