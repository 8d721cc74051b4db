import type { JsonObject } from './json.ts';

export const KINDS = ['image', 'video', 'speech', 'text', 'batch', 'training'] as const;
export type Kind = (typeof KINDS)[number];

/** A picture, clip or sound that the caller gives as input. */
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
  /** Undefined: the size of the first source. */
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
  /** Undefined: as the provider likes. */
  readonly fps?: number;
  readonly sound: boolean;
  /** How many clips; one unless said otherwise. */
  readonly count?: number;
}

export interface SpeechRequest extends RequestBase {
  readonly kind: 'speech';
  readonly text: string;
  readonly voice?: string;
  readonly language?: string;
  readonly format: 'mp3' | 'wav';
  /** In Hz. Undefined: as the provider likes. */
  readonly sampleRate?: number;
  /** Of an MP3, in bits a second. Undefined: as the provider likes. */
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
  /** Of a `tool` message: the call that it answers. */
  readonly toolCallId?: string;
}

export interface Tool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema or a loose map of names; handed on as it came. */
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
  /** As OpenAI means them, from -2 to 2; not every provider knows them. */
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  /** Vectors in place of an answer: the text is one JSON list of numbers for each message, all in one list. */
  readonly embed?: { readonly dimensions: number };
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string };
}

/** Many prompts in one job; each is answered by itself. */
export interface BatchRequest extends RequestBase {
  readonly kind: 'batch';
  readonly items: readonly (Sampling & { readonly id: string; readonly prompt: string })[];
}

/** Trains a text model on JSONL: `{"messages": […]}` or `{"prompt", "completion"}` a line. */
export interface TrainingRequest extends RequestBase {
  readonly kind: 'training';
  readonly method: string;
  readonly datasetUrl: string;
  /** What one reading of the dataset had when it was counted, which is what was paid for; no more of it is trained on. */
  readonly datasetTokens: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** What providers are asked for: one shape for every dialect and every upstream. */
export type GenerationRequest =
  | ImageRequest
  | VideoRequest
  | SpeechRequest
  | TextRequest
  | BatchRequest
  | TrainingRequest;

/** The words of the request that a person wrote: what moderation reads and where sandbox directives may stand. */
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

/** Everything of a chat that a model reads, and so is billed as input. */
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
