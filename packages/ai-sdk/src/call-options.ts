import {
  InvalidArgumentError,
  type JSONObject,
  type JSONValue,
  type SharedV4ProviderOptions,
} from '@ai-sdk/provider';

/** `providerOptions: {genlock: …}`. Every other member goes into the `input` of the order, if the model takes it. */
export type GenlockProviderOptions = {
  /**
   * An idempotency key of your own, kept with the order: calls with the same key are paid at most once, also after a crash. If the SDK
   * splits one call into several (`n` above what the model makes at once), each needs a key of its own, so give none there.
   */
  readonly idempotencyKey?: string;
  /** Your own data; at most 4096 bytes of JSON. */
  readonly metadata?: JSONObject;
  /** How long to wait for the end; default 15 minutes. Work that has not ended by then goes on. */
  readonly timeoutMs?: number;
  readonly [member: string]: JSONValue | undefined;
};

/** The options that the SDK passes to every kind of model. */
export interface SdkOptions {
  readonly providerOptions?: SharedV4ProviderOptions;
  readonly headers?: Record<string, string | undefined>;
  readonly abortSignal?: AbortSignal;
}

export interface CallPlan {
  /** Undefined: the client makes a key for this call. */
  readonly idempotencyKey: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly timeoutMs: number | undefined;
  /** Members of the input that the SDK has no name for. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

const KEY_HEADER = 'idempotency-key';

/** @throws InvalidArgumentError for an option of the wrong type, which would otherwise be ignored while the call is paid for */
export function planCall({ providerOptions, headers = {}, abortSignal }: SdkOptions): CallPlan {
  const { idempotencyKey, metadata, timeoutMs, ...input } = providerOptions?.genlock ?? {};
  const said: Record<string, string> = {};
  let keyHeader: string | undefined;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    // The SDK makes a key itself when it starts a video.
    if (name.toLowerCase() === KEY_HEADER) keyHeader = value;
    else said[name] = value;
  }
  return {
    idempotencyKey: text('idempotencyKey', idempotencyKey) ?? keyHeader,
    metadata: object('metadata', metadata),
    timeoutMs: milliseconds('timeoutMs', timeoutMs),
    input,
    headers: said,
    signal: abortSignal,
  };
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value as string | undefined;
  throw wrong(name, 'must be a text');
}

function object(name: string, value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value)))
    return value as Readonly<Record<string, unknown>> | undefined;
  throw wrong(name, 'must be an object');
}

function milliseconds(name: string, value: unknown): number | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 0)) return value as number | undefined;
  throw wrong(name, 'must be a number of milliseconds');
}

function wrong(name: string, words: string): InvalidArgumentError {
  return new InvalidArgumentError({
    argument: `providerOptions.genlock.${name}`,
    message: `providerOptions.genlock.${name} ${words}.`,
  });
}
