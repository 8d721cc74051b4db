import type { ChatMessage, ChatTool, ChatToolChoice, ChatUsage } from '../chat-types.ts';

/* The wire objects of the LLMTune API. */

export interface LlmtuneChatOrder {
  model: string;
  messages: readonly ChatMessage[];
  temperature?: number;
  max_tokens?: number;
  top_p?: number;
  stop?: string | readonly string[];
  seed?: number;
  presence_penalty?: number;
  frequency_penalty?: number;
  tools?: readonly ChatTool[];
  tool_choice?: ChatToolChoice;
  stream_options?: { readonly include_usage?: boolean };
  metadata?: Readonly<Record<string, unknown>>;
}

export interface LlmtuneInferenceOrder {
  prompt: string;
  temperature?: number;
  maxTokens?: number;
  topP?: number;
  topK?: number;
  metadata?: Readonly<Record<string, unknown>>;
}

export interface LlmtuneInference {
  readonly text: string;
  readonly tokens: number;
  readonly model: string;
  /** Milliseconds. */
  readonly latency: number;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly usage?: ChatUsage;
  readonly finish_reason?: string;
}

/** A piece of text; the last one has no text, but the usage. */
export type LlmtuneInferenceChunk =
  | { readonly text: string; readonly done?: undefined }
  | {
      readonly text: '';
      readonly done: true;
      readonly tokens: number;
      readonly model: string;
      readonly latency: number;
    };

export interface LlmtuneBatchOrder {
  modelId: string;
  /** 1 to 100. */
  requests: readonly {
    readonly id: string;
    readonly prompt: string;
    readonly temperature?: number;
    readonly maxTokens?: number;
    readonly topP?: number;
    readonly topK?: number;
  }[];
  webhookUrl?: string;
}

export interface LlmtuneAcceptedBatch {
  readonly batchId: string;
  readonly status: 'queued';
  readonly summary: { readonly total: number; readonly accepted: number };
}

export interface LlmtuneBatch {
  readonly batchId: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed';
  readonly summary: {
    readonly total: number;
    readonly accepted: number;
    readonly completed: number;
    readonly failed: number;
  };
  /** Result by item; a failed item has an `error` and no text. */
  readonly results: readonly {
    readonly id: string;
    readonly text: string | null;
    readonly tokens: number;
    readonly error: string | null;
  }[];
  readonly createdAt: string;
  readonly completedAt: string | null;
}

export interface LlmtuneTrainingOrder {
  baseModel: string;
  /** An id, or the URL of a JSONL file. */
  dataset: string;
  trainingMethod?: 'sft';
  hyperparameters?: { readonly learningRate?: number; readonly epochs?: number; readonly batchSize?: number };
  webhookUrl?: string;
}

export interface LlmtuneStartedTraining {
  readonly success: true;
  readonly jobId: string;
  readonly status: 'pending';
  readonly baseModel: string;
  readonly createdAt: string;
}

interface TrainingFacts {
  readonly jobId: string;
  /** Percent. */
  readonly progress: number;
  readonly baseModel: string;
  readonly trainingMethod: string | null;
  readonly metrics: Readonly<Record<string, number>> | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
}

export interface LlmtuneUnfinishedTraining extends TrainingFacts {
  readonly status: 'pending' | 'training';
  readonly modelId: null;
  readonly error: null;
}
export interface LlmtuneCompletedTraining extends TrainingFacts {
  readonly status: 'completed';
  /** The trained model. */
  readonly modelId: string;
  readonly error: null;
}
export interface LlmtuneFailedTraining extends TrainingFacts {
  readonly status: 'failed';
  readonly modelId: null;
  readonly error: string;
}
export interface LlmtuneCancelledTraining extends TrainingFacts {
  readonly status: 'cancelled';
  readonly modelId: null;
  readonly error: null;
}

/** Narrows by `status`. */
export type LlmtuneTraining =
  | LlmtuneUnfinishedTraining
  | LlmtuneCompletedTraining
  | LlmtuneFailedTraining
  | LlmtuneCancelledTraining;

export interface LlmtuneModel {
  readonly id: string;
  readonly object: 'model';
  readonly name: string;
  readonly owned_by: string;
  readonly active: boolean;
  readonly context_length: number;
  readonly capabilities: readonly string[];
  readonly pricing: {
    readonly input_per_million: number;
    readonly output_per_million: number;
    readonly currency: string;
  } | null;
}

export interface LlmtuneModelList {
  readonly success: true;
  readonly object: 'list';
  readonly data: readonly LlmtuneModel[];
  readonly count: number;
}

export interface LlmtuneAgentModelList {
  readonly object: 'list';
  readonly data: readonly Pick<LlmtuneModel, 'id' | 'name' | 'owned_by'>[];
}

export interface LlmtuneUsageSummary {
  readonly success: true;
  readonly data: {
    readonly period: { readonly from: string; readonly to: string };
    readonly balance: number;
    readonly currency: string;
    readonly requests: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly totalTokens: number;
    readonly spend: number;
    readonly errors: number;
    /** 0 to 1. */
    readonly successRate: number;
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
    readonly trainingJobs: number;
    readonly byModel: readonly {
      readonly model: string;
      readonly requests: number;
      readonly tokens: number;
      readonly spend: number;
    }[];
  };
}
