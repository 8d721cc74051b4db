import type { CanonicalCode } from '@genlock/contracts';
import type { Dialect } from '../dialect.ts';
import { amended, type DialectName, type ErrorFacts, GenerationError } from '../error.ts';
import { createCalls, type FetchOptions } from '../fetch/create-fetch.ts';
import { parseJson } from '../json.ts';
import { errorIn, readErrorOf } from '../parse.ts';
import type { CallOptions, ClientOptions } from './options.ts';
import { readText } from './read-pieces.ts';

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

/** An answer, and what is known of the call that it belongs to. */
export interface Answer {
  readonly response: Response;
  readonly paid: boolean;
  /** That it was sent with, where the service honours one. */
  readonly idempotencyKey: string | undefined;
}

/** Calls of one API: sent by its retry rules, its errors thrown. */
export interface Transport<D extends DialectName> {
  readonly dialect: Dialect<D>;
  /**
   * The answer to a call that succeeded, body unread.
   *
   * @throws GenerationError, the reason of the caller's signal, or TypeError for a call that cannot be made
   */
  send(call: Call): Promise<Response>;
  /** The same, for whoever has to tell of the call when its body breaks off. @throws as `send` */
  open(call: Call): Promise<Answer>;
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
  const prepareOnce = createCalls({ ...common, attempts: 1, deadlineMs: ONCE_MS });
  const prepareOften = createCalls({
    ...common,
    ...(attempts !== undefined && { attempts }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(onRetry && { onRetry }),
  });

  const open = async (call: Call): Promise<Answer> => {
    const isLink = !call.path.startsWith('/');
    const url = isLink ? call.path : base + call.path + queryOf(call.query);
    const known = isLink ? [] : [{ accept: 'application/json' }, options.headers, auth];
    const init = initOf(call, headersOf([...known, call.headers]), isLink);
    const { plan, send } = await (call.once ? prepareOnce : prepareOften)(url, init);
    const { paid, idempotencyKey } = plan;
    const response = await told(dialect, call, { code: 'upstream_unavailable', idempotencyKey }, send);
    if (response.ok) return { response, paid, idempotencyKey };
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400))
      throw failure(dialect, { code: 'route_not_found', status: response.status }, REDIRECTED);
    throw await readErrorOf(dialect, response);
  };

  // Whoever pays and cannot read the answer does not know what was done.
  const readWith = async <T>(call: Call, body: (answer: Answer) => Promise<T>): Promise<T> => {
    const answer = await open(call);
    const { paid, idempotencyKey } = answer;
    const code = paid ? 'outcome_unknown' : 'upstream_unavailable';
    return told(dialect, call, { code, idempotencyKey }, () => body(answer));
  };

  return {
    dialect,
    open,
    send: async (call) => (await open(call)).response,
    read: (call, body) => readWith(call, ({ response }) => body(response)),
    async json<T>(call: Call) {
      const ends = deadlineMs === undefined ? undefined : Date.now() + deadlineMs;
      return readWith(call, async ({ response, paid, idempotencyKey }) => {
        const { status } = response;
        const source = await readText(response, ends);
        const value = parseJson(source);
        const error = errorIn(dialect, value, status);
        if (error !== undefined) throw amended(error, { idempotencyKey });
        if (typeof value === 'object' && value !== null) return value as T;
        const code = paid ? 'outcome_unknown' : 'upstream_invalid_result';
        const words = `HTTP ${status} without the JSON that belongs to it`;
        throw failure(dialect, { code, status, raw: source, idempotencyKey }, words);
      });
    },
  };
}

/** What comes later counts, however its name is written. */
function headersOf(given: readonly CallOptions['headers'][]): Headers {
  const headers = new Headers();
  for (const some of given) for (const [name, value] of Object.entries(some ?? {})) headers.set(name, value);
  return headers;
}

function initOf(call: Call, headers: Headers, isLink: boolean): RequestInit {
  const { method = 'GET', json, form, idempotencyKey, signal } = call;
  const body = json === undefined ? form : JSON.stringify(json);
  if (json !== undefined) headers.set('content-type', 'application/json');
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
  return {
    method,
    headers,
    // A redirect would turn a POST into a GET, and may carry the key to another host.
    redirect: isLink ? 'follow' : 'manual',
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  };
}

type Told = Partial<ErrorFacts<DialectName>> & { readonly code: CanonicalCode };

/** What `fetch` throws becomes an error of the dialect; what the caller's own signal says stays as it is. */
async function told<T, D extends DialectName>(
  dialect: Dialect<D>,
  call: Call,
  facts: Told,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (GenerationError.isInstance(thrown)) throw thrown;
    call.signal?.throwIfAborted();
    throw failure(
      dialect,
      { ...facts, cause: thrown },
      `no answer, or only a part of one${reasonOf(thrown)}`,
    );
  }
}

/** What Node's `fetch` has behind its "fetch failed": whoever forgot to start the server reads it here. A browser tells nothing. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (!(cause instanceof Error)) return '';
  // Where several addresses were tried there is a code and no message.
  const words = cause.message || ('code' in cause ? String(cause.code) : '');
  return words && ` (${words})`;
}

function failure<D extends DialectName>(
  { name }: Dialect<D>,
  facts: Told,
  words: string,
): GenerationError<D> {
  return new GenerationError<D>({
    ...facts,
    dialect: name,
    message: `${name}: ${words}.`,
    mayHaveBeenCharged: facts.code === 'outcome_unknown',
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
  // A whole job in place of its id would ask for one called [object Object].
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..')
    throw new TypeError(`"${id}" is no id.`);
  return encodeURIComponent(id);
}
