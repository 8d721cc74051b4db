/* Chat in OpenAI's form: the part that all services using it have in common. */

export interface ChatToolCall {
  readonly id: string;
  readonly type: 'function';
  /** `arguments` is JSON as text. */
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface ChatTextPart {
  readonly type: 'text';
  readonly text: string;
}

export type ChatMessage =
  | {
      readonly role: 'system' | 'developer' | 'user';
      readonly content: string | readonly ChatTextPart[];
    }
  | {
      readonly role: 'assistant';
      readonly content: string | readonly ChatTextPart[] | null;
      readonly tool_calls?: readonly ChatToolCall[];
    }
  | {
      readonly role: 'tool';
      readonly content: string | readonly ChatTextPart[];
      readonly tool_call_id: string;
    };

export interface ChatTool {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description?: string;
    readonly parameters?: Readonly<Record<string, unknown>>;
  };
}

export type ChatToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | { readonly type: 'function'; readonly function: { readonly name: string } };

export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export type ChatFinishReason = 'stop' | 'length' | 'tool_calls' | (string & {});

export interface ChatCompletion {
  readonly id: string;
  readonly object: 'chat.completion';
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly message: {
      readonly role: 'assistant';
      /** null if tools are called instead. */
      readonly content: string | null;
      readonly tool_calls?: readonly ChatToolCall[];
    };
    readonly finish_reason: ChatFinishReason;
  }[];
  readonly usage: ChatUsage;
}

export interface ChatChunk {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
  /** Empty in the chunk with the usage. */
  readonly choices: readonly {
    readonly index: number;
    readonly delta: {
      readonly role?: 'assistant';
      readonly content?: string | null;
      readonly tool_calls?: readonly (Partial<ChatToolCall> & { readonly index: number })[];
    };
    readonly finish_reason: ChatFinishReason | null;
  }[];
  /** Present if `stream_options.include_usage` asks for it. */
  readonly usage?: ChatUsage | null;
}
