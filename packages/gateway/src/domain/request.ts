import type { JsonObject } from './json.ts';

export const KINDS = ['image', 'video', 'speech', 'text', 'batch', 'training'] as const;
export type Kind = (typeof KINDS)[number];

/** An image, clip or sound that the caller gives as input. */
export interface SourceMedia {
  readonly role:
    | 'source'
    | 'second'
    | 'pose'
    | 'reference'
    | 'first_frame'
    | 'last_frame'
    | 'audio'
    | 'video';
  /** An https URL, or `asset:<id>` for a file that the account uploaded here. */
  readonly url: string;
}

interface RequestBase {
  readonly seed: number;
  /** The raw value of the `Genlock-Sandbox` header; only the sandbox provider reads it. */
  readonly steering?: string;
  readonly sources?: readonly SourceMedia[];
}

export interface ImageRequest extends RequestBase {
  readonly kind: 'image';
  readonly prompt: string;
  readonly negativePrompt?: string;
  /** Undefined: take the size of the first source. */
  readonly width?: number;
  readonly height?: number;
  readonly count: number;
  readonly format: 'jpeg' | 'png' | 'webp';
}

export interface VideoRequest extends RequestBase {
  readonly kind: 'video';
  readonly prompt: string;
  readonly negativePrompt?: string;
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  /** Undefined: the provider chooses. */
  readonly fps?: number;
  readonly sound: boolean;
  /** Number of clips; default 1. */
  readonly count?: number;
}

export interface SpeechRequest extends RequestBase {
  readonly kind: 'speech';
  readonly text: string;
  readonly voice?: string;
  readonly language?: string;
  readonly format: 'mp3' | 'wav';
  /** In Hz. Undefined: the provider chooses. */
  readonly sampleRate?: number;
  /** Of an MP3, in bits per second. Undefined: the provider chooses. */
  readonly bitRate?: number;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly toolCalls?: readonly ToolCall[];
  /** In a `tool` message: the call that it answers. */
  readonly toolCallId?: string;
}

export interface Tool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema or a loose map of names; passed on unchanged. */
  readonly parameters?: JsonObject;
}

export interface Sampling {
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: readonly string[];
}

export interface TextRequest extends RequestBase, Sampling {
  readonly kind: 'text';
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly Tool[];
  /** As defined by OpenAI, from -2 to 2. Not every provider supports them. */
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  /** Asks for vectors in place of an answer. The text of the result is one JSON array with an array of numbers for each message. */
  readonly embed?: { readonly dimensions: number };
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string };
}

/** Many prompts in one job, each answered separately. */
export interface BatchRequest extends RequestBase {
  readonly kind: 'batch';
  readonly items: readonly (Sampling & { readonly id: string; readonly prompt: string })[];
}

/** Trains a text model on JSONL: each line is `{"messages": […]}` or `{"prompt", "completion"}`. */
export interface TrainingRequest extends RequestBase {
  readonly kind: 'training';
  readonly method: string;
  readonly datasetUrl: string;
  /** Tokens of one pass over the dataset when it was counted, which is what was paid for. No more than this is trained on. */
  readonly datasetTokens: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** What providers are asked for: the same shape for every dialect and every upstream. */
export type GenerationRequest =
  | ImageRequest
  | VideoRequest
  | SpeechRequest
  | TextRequest
  | BatchRequest
  | TrainingRequest;

/** The texts of the request that a person wrote. Moderation reads them, and sandbox directives may stand in them. */
export function textsOf(request: GenerationRequest): readonly string[] {
  switch (request.kind) {
    case 'image':
    case 'video':
      return request.negativePrompt === undefined
        ? [request.prompt]
        : [request.prompt, request.negativePrompt];
    case 'speech':
      return [request.text];
    case 'text':
      return request.messages.map(({ content }) => content);
    case 'batch':
      return request.items.map(({ prompt }) => prompt);
    case 'training':
      return [];
  }
}

/** Everything in a chat that a model reads, and that is therefore billed as input. */
export function inputTextsOf({
  messages,
  tools = [],
}: Pick<TextRequest, 'messages' | 'tools'>): readonly string[] {
  const texts = messages.map(({ content }) => content);
  for (const { toolCalls = [] } of messages) {
    for (const { name, arguments: given } of toolCalls) texts.push(name, given);
  }
  for (const tool of tools) texts.push(JSON.stringify(tool));
  return texts;
}
