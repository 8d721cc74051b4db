import {
  InvalidArgumentError,
  type JSONObject,
  type JSONValue,
  type SharedV4ProviderOptions,
} from '@ai-sdk/provider';

/** `providerOptions: {genlock: …}`. Every other member goes into the `input` of the order, where the model takes it. */
export type GenlockProviderOptions = {
  /**
   * Of yours, kept with the order: the same call with it is paid at most once, also after a crash. One call of the SDK that is split in several
   * (`n` above what the model makes at once) needs one key for each, so give none there.
   */
  readonly idempotencyKey?: string;
  /** Yours to use; at most 4096 bytes of JSON. */
  readonly metadata?: JSONObject;
  /** How long to wait for the end; 15 minutes by default. What has not ended by then goes on. */
  readonly timeoutMs?: number;
  readonly [member: string]: JSONValue | undefined;
};

/** What the SDK hands to every kind of model. */
export interface SdkOptions {
  readonly providerOptions?: SharedV4ProviderOptions;
  readonly headers?: Record<string, string | undefined>;
  readonly abortSignal?: AbortSignal;
}

export interface CallPlan {
  /** Undefined where the client makes one, for this call alone. */
  readonly idempotencyKey: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly timeoutMs: number | undefined;
  /** Members of the input that have no name in the SDK. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

const KEY_HEADER = 'idempotency-key';

/** @throws InvalidArgumentError for an option of the wrong type, which would otherwise be ignored and paid for */
export function planCall({ providerOptions, headers = {}, abortSignal }: SdkOptions): CallPlan {
  const { idempotencyKey, metadata, timeoutMs, ...input } = providerOptions?.genlock ?? {};
  const said: Record<string, string> = {};
  let keyHeader: string | undefined;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    // The SDK mints one itself where it starts a video.
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
