import type { Blame, CanonicalCode, Retry } from '@genlock/contracts';

/* The wire objects of Genlock's own API (docs/native.md). Amounts are dollars as decimal text. */

/** The kinds of models here; `batch` and `training` can only be ordered in other dialects. */
export type Kind = 'image' | 'video' | 'speech' | 'text' | 'batch' | 'training';
export type Mode = 'live' | 'test';

export interface ImageInput {
  prompt: string;
  negative_prompt?: string;
  /** Width x height. With `images`, default: the size of the first one. */
  size?: string;
  count?: number;
  format?: 'png' | 'jpeg' | 'webp';
  /** Source images: https URLs, or URLs or ids of files at this gateway. */
  images?: readonly string[];
  seed?: number;
}

export interface VideoInput {
  prompt: string;
  negative_prompt?: string;
  resolution?: string;
  aspect?: string;
  seconds?: number;
  sound?: boolean;
  /** An https URL, or the URL or id of a file at this gateway. The same for `last_frame`. */
  first_frame?: string;
  last_frame?: string;
  seed?: number;
}

export interface SpeechInput {
  text: string;
  voice?: string;
  /** A language tag (BCP 47). */
  language?: string;
  format?: 'mp3' | 'wav';
  seed?: number;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
}

export type Message =
  | { role: 'system' | 'user'; content: string }
  /** `content` may be empty if there are tool calls. */
  | { role: 'assistant'; content: string; tool_calls?: readonly ToolCall[] }
  /** The result of an earlier tool call. */
  | { role: 'tool'; content: string; tool_call_id: string };

export interface Tool {
  name: string;
  description?: string;
  /** JSON Schema of its arguments. */
  parameters?: Readonly<Record<string, unknown>>;
}

/** Either `prompt` or `messages`. */
export type TextInput = (
  | { prompt: string; messages?: undefined }
  | { prompt?: undefined; messages: readonly Message[] }
) & {
  max_tokens?: number;
  temperature?: number;
  top_p?: number;
  top_k?: number;
  stop?: readonly string[];
  /** Tool calls only come in a stream. */
  tools?: readonly Tool[];
  tool_choice?: 'auto' | 'none' | 'required' | { readonly name: string };
  seed?: number;
};

/** What the models of a fresh gateway take. A model that is not listed here takes any input, which the server checks. */
export interface InputOf {
  'genlock/image': ImageInput;
  'genlock/video': VideoInput;
  'genlock/speech': SpeechInput;
  'genlock/text': TextInput;
}
export type ModelId = keyof InputOf | (string & {});

/** The members of an order's `input`, by model. */
export type InputFor<M extends string> = M extends keyof InputOf
  ? InputOf[M]
  : Readonly<Record<string, unknown>>;

export interface Order<M extends ModelId = ModelId> {
  readonly model: M;
  readonly input: InputFor<M>;
  /** Your own data; at most 4096 bytes of JSON. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly webhook?: { readonly url: string; readonly events?: readonly EventName[] };
}

export type EventName =
  | 'generation.created'
  | 'generation.started'
  | 'generation.succeeded'
  | 'generation.failed'
  | 'generation.canceled';

export interface Asset {
  readonly id: string;
  readonly object: 'asset';
  /** Needs the key. */
  readonly url: string;
  /** null for an upload. */
  readonly generation_id: string | null;
  readonly index: number;
  readonly content_type: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration_seconds: number | null;
  readonly fps: number | null;
  readonly has_sound: boolean | null;
  readonly created_at: string;
  readonly expires_at: string;
}

export interface JobError {
  readonly code: CanonicalCode;
  readonly message: string;
  readonly blame: Blame;
  readonly retry: Retry;
  readonly request_id: string;
}

export interface Output {
  readonly assets: readonly Asset[];
  /** The output of a text model. null in lists, webhooks and streams, where the asset contains it. */
  readonly text: string | null;
}

interface GenerationFacts {
  readonly id: string;
  readonly object: 'generation';
  /** The dialect that it was ordered in. */
  readonly dialect: string;
  readonly model: string;
  readonly kind: Kind;
  readonly mode: Mode;
  readonly input: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly progress: { readonly percent: number; readonly metrics: Readonly<Record<string, number>> } | null;
  readonly usage: {
    readonly images?: number;
    readonly seconds?: number;
    readonly characters?: number;
    readonly input_tokens?: number;
    readonly output_tokens?: number;
  } | null;
  readonly cost: {
    /** What was held at first, and the most that is charged. */
    readonly quoted_usd: string;
    readonly held_usd: string;
    readonly charged_usd: string;
    readonly released_usd: string;
  };
  readonly retry_of: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
}

export interface UnfinishedGeneration extends GenerationFacts {
  readonly status: 'queued' | 'running';
  readonly output: null;
  readonly error: null;
  readonly finished_at: null;
}
export interface SucceededGeneration extends GenerationFacts {
  readonly status: 'succeeded';
  readonly output: Output;
  readonly error: null;
  readonly finished_at: string;
}
export interface FailedGeneration extends GenerationFacts {
  readonly status: 'failed';
  readonly output: null;
  readonly error: JobError;
  readonly finished_at: string;
}
export interface CanceledGeneration extends GenerationFacts {
  readonly status: 'canceled';
  readonly output: null;
  readonly error: null;
  readonly finished_at: string;
}

/** Narrows by `status`. */
export type Generation = UnfinishedGeneration | SucceededGeneration | FailedGeneration | CanceledGeneration;
export type GenerationStatus = Generation['status'];

export interface Page<T> {
  readonly object: 'list';
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

/** The price by unit, with the factors that raise or lower it. */
export type Price = { readonly factors: Readonly<Record<string, Readonly<Record<string, number>>>> } & (
  | {
      readonly unit: 'token';
      readonly input_usd_per_million: string;
      readonly output_usd_per_million: string;
    }
  | { readonly unit: 'call' | 'image' | 'second' | 'character'; readonly usd: string }
);

export interface Model {
  readonly id: string;
  readonly object: 'model';
  readonly name: string;
  readonly kind: Kind;
  readonly status: 'active' | 'paused';
  readonly price: Price | null;
  /** The JSON Schema that checks `input`. */
  readonly input_schema: Readonly<Record<string, unknown>>;
}

export interface Quote {
  readonly object: 'quote';
  readonly model: string;
  readonly usd: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Balance {
  readonly object: 'balance';
  readonly mode: Mode;
  /** null with a test key, which never runs out. */
  readonly available_usd: string | null;
  readonly held_usd: string;
  readonly subscription_usd: string;
  readonly permanent_usd: string;
}

export interface ModelUsage {
  readonly dialect: string;
  readonly model: string;
  readonly kind: Kind;
  readonly requests: number;
  readonly failed: number;
  readonly images: number;
  readonly seconds: number;
  readonly characters: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly charged_usd: string;
}

export interface Usage {
  readonly object: 'usage';
  readonly mode: Mode;
  readonly from: string;
  readonly to: string;
  readonly charged_usd: string;
  readonly latency_ms: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly data: readonly ModelUsage[];
}

export interface WebhookEndpoint {
  readonly id: string;
  readonly object: 'webhook_endpoint';
  readonly url: string;
  readonly events: readonly EventName[];
  readonly status: 'active' | 'disabled';
  readonly created_at: string;
}

/** Includes what is shown only once. */
export interface WebhookEndpointWithSecret extends WebhookEndpoint {
  readonly secret: string;
  /** After a rotation: webhooks are signed with both secrets until then. */
  readonly old_secret_expires_at?: string;
}

export interface WebhookDelivery {
  readonly id: string;
  readonly object: 'webhook_delivery';
  readonly event: string;
  readonly url: string;
  readonly endpoint_id: string | null;
  readonly generation_id: string | null;
  readonly mode: Mode;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly attempts: readonly {
    readonly at: string;
    readonly status: number | null;
    readonly error: string | null;
  }[];
  readonly next_attempt_at: string | null;
  readonly created_at: string;
}

export interface WebhookSecret {
  readonly object: 'webhook_secret';
  readonly secret: string;
}
