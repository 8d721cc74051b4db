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
  /** The path below the base URL, with its leading slash; or the complete URL of a file, which is fetched without the key. */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly idempotencyKey?: string | undefined;
  /** No retries, because the caller of this function retries. */
  readonly once?: boolean;
}

/** An answer with facts about its call. */
export interface Answer {
  readonly response: Response;
  readonly paid: boolean;
  /** The key that the call was sent with, if the service honours keys. */
  readonly idempotencyKey: string | undefined;
}

/** Calls one API by its retry rules and throws its errors. */
export interface Transport<D extends DialectName> {
  readonly dialect: Dialect<D>;
  /**
   * The answer to a successful call, with its body unread.
   *
   * @throws GenerationError, the reason of the caller's signal, or TypeError for an invalid call
   */
  send(call: Call): Promise<Response>;
  /** The same, for callers that need the facts about the call if its body breaks off. @throws as `send` */
  open(call: Call): Promise<Answer>;
  /** The JSON of the answer. @throws as `send` */
  json<T>(call: Call): Promise<T>;
  /** Reads the whole body of the answer. @throws as `send` */
  read<T>(call: Call, body: (response: Response) => Promise<T>): Promise<T>;
}

export interface TransportOptions<D extends DialectName>
  extends ClientOptions,
    Pick<FetchOptions<D>, 'dialect' | 'optionalKeys'> {
  /** The headers that authenticate the caller. */
  readonly auth: Readonly<Record<string, string>>;
}

/** The time limit, until the answer begins, of a call without retries: services hold answers for less. */
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
    const response = await convertingErrors(
      dialect,
      call,
      { code: 'upstream_unavailable', idempotencyKey },
      send,
    );
    if (response.ok) return { response, paid, idempotencyKey };
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400))
      throw failure(dialect, { code: 'route_not_found', status: response.status }, REDIRECTED);
    throw await readErrorOf(dialect, response);
  };

  // If the answer to a paid call cannot be read, it is unknown what was done.
  const readWith = async <T>(call: Call, body: (answer: Answer) => Promise<T>): Promise<T> => {
    const answer = await open(call);
    const { paid, idempotencyKey } = answer;
    const code = paid ? 'outcome_unknown' : 'upstream_unavailable';
    return convertingErrors(dialect, call, { code, idempotencyKey }, () => body(answer));
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

/** Later values override earlier ones, whatever the case of their names. */
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
    // A redirect would turn a POST into a GET, and could send the key to another host.
    redirect: isLink ? 'follow' : 'manual',
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  };
}

type Told = Partial<ErrorFacts<DialectName>> & { readonly code: CanonicalCode };

/** Converts what `fetch` throws into an error of the dialect. The reason of the caller's own signal stays as it is. */
async function convertingErrors<T, D extends DialectName>(
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

/** The cause behind "fetch failed" of Node's `fetch`, which shows e.g. that the server is not running. Browsers give none. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (!(cause instanceof Error)) return '';
  // If several addresses were tried, there is a code but no message.
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

/** An id as one segment of a path. @throws TypeError for an id that would lead to another route */
export function segment(id: string): string {
  // A job object in place of its id would ask for a job called [object Object].
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..')
    throw new TypeError(`"${id}" is no id.`);
  return encodeURIComponent(id);
}
