import type { DialectName } from '../error.ts';
import { isObject, parseJson, text } from '../json.ts';
import { failureIn } from '../parse.ts';
import { type HeadersLike, readHeaders } from './headers.ts';
import { importKey, join, sign, utf8, verify } from './hmac.ts';
import type { Refusal, WebhookEvent, WebhookScheme } from './scheme.ts';

/** One secret, or several during a rotation: any that matches is accepted. */
export type Secrets = string | readonly string[];

export interface Delivery {
  readonly headers: HeadersLike;
  /** The body exactly as it came. A body that was parsed and serialised again has another signature. */
  readonly body: string | Uint8Array | ArrayBuffer;
}

export interface VerifyOptions {
  readonly secrets: Secrets;
  /**
   * The largest difference between the time of signing and now, in either direction; default 5 minutes. Only for schemes that sign the
   * time.
   */
  readonly toleranceMs?: number;
  readonly nowMs?: number;
}

export type Verified<D extends DialectName, T extends string> =
  | { readonly ok: true; readonly event: WebhookEvent<D, T> }
  | { readonly ok: false; readonly refusal: Refusal };

export interface TestEventOptions {
  readonly secrets: Secrets;
  /** Members of the job besides its id. */
  readonly job?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  readonly nowMs?: number;
}

export interface SignedEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Verifies and reads the webhooks of a service, and makes some for tests. */
export interface Receiver<D extends DialectName, T extends string> {
  /** @throws TypeError for an invalid secret */
  verify(delivery: Delivery, options: VerifyOptions): Promise<Verified<D, T>>;
  /** The same for a `Request`, as in edge workers and web frameworks. Reads its body. */
  receive(request: Request, options: VerifyOptions): Promise<Verified<D, T>>;
  /** What the service would send, for tests of a receiver. */
  signTestEvent(type: T, options: TestEventOptions): Promise<SignedEvent>;
}

const TOLERANCE_MS = 5 * 60 * 1000;

export function createReceiver<D extends DialectName, T extends string>(
  scheme: WebhookScheme<D, T>,
): Receiver<D, T> {
  // Undefined in JavaScript programs whose environment variable is not set.
  const keysFor = (secrets: Secrets | undefined, use: 'sign' | 'verify') => {
    const all = typeof secrets === 'string' ? [secrets] : (secrets ?? []);
    if (all.length === 0) throw new TypeError('There is no webhook secret.');
    return Promise.all(all.map((secret) => importKey(scheme.keyOf(secret), use)));
  };

  const check = async (delivery: Delivery, options: VerifyOptions): Promise<Verified<D, T>> => {
    const keys = await keysFor(options.secrets, 'verify');
    const headers = readHeaders(delivery.headers);
    const claim = scheme.claim(headers);
    if (typeof claim === 'string') return { ok: false, refusal: claim };
    const body = bytesOf(delivery.body);
    if (body === undefined) return { ok: false, refusal: 'body_not_raw' };
    if (!(await verify(keys, claim.signatures, join(claim.prefix, body))))
      return { ok: false, refusal: 'signature_wrong' };
    const { toleranceMs = TOLERANCE_MS, nowMs = Date.now() } = options;
    if (claim.signedAtMs !== undefined && Math.abs(nowMs - claim.signedAtMs) > toleranceMs)
      return { ok: false, refusal: 'too_old' };
    const event = read(scheme, new TextDecoder().decode(body), headers);
    return event === undefined ? { ok: false, refusal: 'body_malformed' } : { ok: true, event };
  };

  return {
    verify: check,
    receive: async (request, options) =>
      check({ headers: request.headers, body: await request.arrayBuffer() }, options),
    async signTestEvent(type, { secrets, job, id = 'evt_test', nowMs = Date.now() }) {
      const keys = await keysFor(secrets, 'sign');
      const payload = scheme.payload(type, { id: 'gen_test', ...job }, id, new Date(nowMs).toISOString());
      const body = JSON.stringify(payload);
      const data = join(scheme.prefix(id, nowMs), utf8(body));
      const signatures = await Promise.all(keys.map((key) => sign(key, data)));
      const headers = scheme.headers(type, id, nowMs, signatures);
      return { headers: { 'content-type': 'application/json', ...headers }, body };
    },
  };
}

/**
 * The bytes of a body, also from another realm, as in tests; undefined for what a framework has parsed. That is returned and not thrown,
 * because the sender's `content-type` often decides which parser runs.
 */
function bytesOf(body: unknown): Uint8Array | undefined {
  if (typeof body === 'string') return utf8(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  const isBuffer = Object.prototype.toString.call(body) === '[object ArrayBuffer]';
  return isBuffer ? new Uint8Array(body as ArrayBuffer) : undefined;
}

function read<D extends DialectName, T extends string>(
  { dialect, events, open }: WebhookScheme<D, T>,
  body: string,
  headers: Headers,
): WebhookEvent<D, T> | undefined {
  const payload = parseJson(body);
  const opened = isObject(payload) ? open(payload, headers) : undefined;
  if (!isObject(payload) || opened === undefined) return undefined;
  const { name, id, job, state } = opened;
  const isKnown = (value: string): value is T => Object.hasOwn(events, value);
  const failure = failureIn(dialect, payload) ?? null;
  return {
    dialect: dialect.name,
    type: isKnown(name) ? name : 'other',
    name,
    id: id ?? null,
    // An event that only reports an end may contain a failure in its job.
    state: state ?? (failure ? 'failed' : isKnown(name) ? events[name] : null),
    generationId: text(job.id) ?? text(job.jobId) ?? text(job.batchId) ?? null,
    job,
    failure,
    payload,
  };
}
