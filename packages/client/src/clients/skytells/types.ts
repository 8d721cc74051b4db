import type { ChatChunk, ChatCompletion, ChatMessage, ChatTool, ChatToolChoice } from '../chat-types.ts';

/* The wire objects of the Skytells API v1. */

export type SkytellsEventName =
  | 'prediction.started'
  | 'prediction.succeeded'
  | 'prediction.failed'
  | 'prediction.cancelled'
  | 'started'
  | 'completed'
  | 'failed'
  | 'canceled';

export interface SkytellsOrder {
  /** A slug. */
  model: string;
  /** As the model's `input_schema` describes it. */
  input: Readonly<Record<string, unknown>>;
  /** Images: the answer is held until the end, for about 55 s at most. Cannot be combined with `stream`. */
  await?: boolean;
  stream?: boolean;
  webhook?: { readonly url: string; readonly events: readonly SkytellsEventName[] };
}

export type SkytellsStatus =
  | 'pending'
  | 'queued'
  | 'starting'
  | 'started'
  | 'processing'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'canceled';

interface PredictionFacts {
  readonly id: string;
  readonly type: 'inference' | 'training';
  readonly stream?: boolean;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  readonly started_at?: string | null;
  readonly completed_at?: string | null;
  readonly updated_at: string;
  readonly privacy?: 'private' | 'public';
  readonly source?: string;
  /** For a failed prediction, only the slug. */
  readonly model: { readonly name: string; readonly type: string } | string;
  readonly webhook?: { readonly url: string | null; readonly events: readonly string[] };
  readonly metrics?: {
    readonly image_count?: number;
    /** Seconds. */
    readonly predict_time?: number;
    readonly total_time?: number;
    readonly asset_count?: number;
    /** Percent. */
    readonly progress?: number;
  };
  readonly metadata?: {
    readonly billing?: { readonly credits_used: number };
    readonly storage?: { readonly files: readonly SkytellsFile[] };
    readonly data_available?: boolean;
  };
  /** True once the files have been removed. */
  readonly data_removed?: boolean;
  readonly urls?: {
    readonly get?: string;
    readonly cancel?: string;
    readonly stream?: string;
    readonly delete?: string;
  };
  /** In answers of cancel and delete. */
  readonly success?: true;
}

export interface SkytellsFile {
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Works without a key for a few minutes. */
  readonly url: string;
}

export interface SkytellsUnfinishedPrediction extends PredictionFacts {
  readonly status: 'pending' | 'queued' | 'starting' | 'started' | 'processing';
  readonly output?: null;
  readonly response?: string | null;
  readonly error?: null;
}
export interface SkytellsSucceededPrediction extends PredictionFacts {
  readonly status: 'succeeded';
  /** Links; null once the files have been removed. */
  readonly output: readonly string[] | string | null;
  readonly response?: string | null;
  readonly error?: null;
}
export interface SkytellsFailedPrediction extends PredictionFacts {
  readonly status: 'failed';
  readonly output: null;
  readonly response?: string | null;
  readonly error: string;
}
export interface SkytellsCancelledPrediction extends PredictionFacts {
  readonly status: 'cancelled' | 'canceled';
  readonly output?: null;
  readonly response?: string | null;
  readonly error?: null;
}

/** Narrows by `status`. */
export type SkytellsPrediction =
  | SkytellsUnfinishedPrediction
  | SkytellsSucceededPrediction
  | SkytellsFailedPrediction
  | SkytellsCancelledPrediction;

export interface SkytellsPage {
  readonly data: readonly SkytellsPrediction[];
  readonly pagination: {
    readonly current_page: number;
    readonly per_page: number;
    readonly total: number;
    readonly last_page: number;
  };
}

export interface SkytellsModel {
  readonly name: string;
  readonly description?: string;
  /** The slug. */
  readonly namespace: string;
  readonly type: 'image' | 'video' | 'audio' | 'music' | 'text' | 'code' | 'multimodal';
  readonly privacy?: 'public' | 'private';
  readonly img_url?: string | null;
  readonly vendor?: Readonly<Record<string, unknown>>;
  readonly billable?: boolean;
  readonly pricing?: {
    readonly amount: number;
    readonly currency: string;
    readonly unit: string;
    readonly criterias?: readonly {
      readonly field: string;
      readonly description: string;
      readonly operator: string;
      readonly value: unknown;
      readonly billable_price: number;
      readonly unit: string;
    }[];
  };
  readonly capabilities: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly status: 'operational' | 'offline';
  readonly service?: { readonly type: string; readonly inference_party: string };
  /** JSON Schemas, if `fields` asked for them. */
  readonly input_schema?: Readonly<Record<string, unknown>> | null;
  readonly output_schema?: Readonly<Record<string, unknown>> | null;
}

interface Sampling {
  temperature?: number;
  top_p?: number;
  stop?: string | readonly string[];
  seed?: number;
}

export interface SkytellsChatOrder extends Sampling {
  model: string;
  messages: readonly ChatMessage[];
  max_completion_tokens?: number;
  max_tokens?: number;
  tools?: readonly ChatTool[];
  tool_choice?: ChatToolChoice;
  stream_options?: { readonly include_usage?: boolean };
}

type Filtered = { readonly content_filter_results?: Readonly<Record<string, unknown>> };
type PromptFiltered = { readonly prompt_filter_results?: readonly Readonly<Record<string, unknown>>[] };

export type SkytellsChatCompletion = Omit<ChatCompletion, 'choices'> &
  PromptFiltered & { readonly choices: readonly (ChatCompletion['choices'][number] & Filtered)[] };
export type SkytellsChatChunk = Omit<ChatChunk, 'choices'> &
  PromptFiltered & { readonly choices: readonly (ChatChunk['choices'][number] & Filtered)[] };

export interface SkytellsResponseOrder extends Sampling {
  model: string;
  input: string | readonly SkytellsResponseItem[];
  instructions?: string;
  max_output_tokens?: number;
  tools?: readonly ({ readonly type: 'function'; readonly name: string } & Omit<
    ChatTool['function'],
    'name'
  >)[];
  tool_choice?: 'auto' | 'none' | 'required' | { readonly type: 'function'; readonly name: string };
  metadata?: Readonly<Record<string, unknown>>;
  user?: string;
}

export type SkytellsResponseItem =
  | {
      readonly type?: 'message';
      readonly role: 'system' | 'developer' | 'user' | 'assistant';
      readonly content:
        | string
        | readonly { readonly type: 'input_text' | 'output_text' | 'text'; readonly text: string }[];
    }
  | {
      readonly type: 'function_call';
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
    }
  | { readonly type: 'function_call_output'; readonly call_id: string; readonly output: string };

export type SkytellsResponseOutput =
  | {
      readonly type: 'message';
      readonly id: string;
      readonly status: string;
      readonly role: 'assistant';
      readonly content: readonly { readonly type: 'output_text'; readonly text: string }[];
    }
  | {
      readonly type: 'function_call';
      readonly id: string;
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
      readonly status: string;
    };

export interface SkytellsResponse {
  readonly id: string;
  readonly object: 'response';
  /** Seconds since 1970. */
  readonly created_at: number;
  readonly status: 'in_progress' | 'completed' | 'incomplete';
  readonly model: string;
  readonly output: readonly SkytellsResponseOutput[];
  readonly usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly total_tokens: number;
  } | null;
  readonly content_filters?: readonly Readonly<Record<string, unknown>>[];
}

/** Narrows by `type`. */
export type SkytellsResponseEvent = { readonly sequence_number: number } & (
  | {
      readonly type:
        | 'response.created'
        | 'response.in_progress'
        | 'response.completed'
        | 'response.incomplete';
      readonly response: SkytellsResponse;
    }
  | {
      readonly type: 'response.output_item.added' | 'response.output_item.done';
      readonly output_index: number;
      readonly item: SkytellsResponseOutput;
    }
  | {
      readonly type: 'response.content_part.added' | 'response.content_part.done';
      readonly item_id: string;
      readonly output_index: number;
      readonly part: { readonly type: 'output_text'; readonly text: string };
    }
  | {
      readonly type: 'response.output_text.delta';
      readonly item_id: string;
      readonly output_index: number;
      readonly delta: string;
    }
  | {
      readonly type: 'response.output_text.done';
      readonly item_id: string;
      readonly output_index: number;
      readonly text: string;
    }
);

export interface SkytellsEmbeddingOrder {
  model: string;
  input: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
  encoding_format?: 'float' | 'base64';
  dimensions?: number;
}

export interface SkytellsEmbeddings {
  readonly object: 'list';
  readonly data: readonly {
    readonly object: 'embedding';
    readonly index: number;
    /** With `base64`: 32-bit floats, little-endian. */
    readonly embedding: readonly number[] | string;
  }[];
  readonly model: string;
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}
