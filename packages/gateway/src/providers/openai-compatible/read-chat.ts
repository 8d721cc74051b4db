import { GenlockError } from '../../domain/error.ts';
import type { Micros } from '../../domain/money.ts';
import type { TextEvent } from '../port.ts';
import { countOf } from '../upstream/count-of.ts';
import type { UpstreamEvent } from '../upstream/event-stream.ts';
import { failureFrom } from '../upstream/failure.ts';
import { membersOf } from '../upstream/read-members.ts';
import { failures } from './failures.ts';
import { type ChatPiece, type Message, readChatPiece } from './replies.ts';
import { ToolCalls } from './tool-calls.ts';

/** English has about four bytes per token. */
const BYTES_PER_TOKEN = 4;

/** Tokens of an answer that are not part of its text, such as its end mark and the marks around tool calls. */
const MARKS = 64;

/** A model's text is never longer. Limited, because for callers that do not stream it is kept in memory until its end. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The servers' words for a text that was cut at its limit. */
const LIMITED = ['length', 'max_tokens'];

/** For servers that do not count tokens. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/**
 * Reads a streamed chat, or a complete one that came in its place. `inputTokens` is an estimate and `cost` comes from the headers; both
 * hold until the chat contains better values. Servers end streams in many ways: with or without `[DONE]`, with a finish reason or `done`,
 * with or without usage.
 *
 * @throws GenlockError `content_rejected`, `upstream_failed` (the stream broke off, or contains an error), `upstream_invalid_result`
 *   (nothing but an end, or no end)
 */
export async function* readChat(
  events: AsyncIterable<UpstreamEvent>,
  inputTokens: number,
  cost?: Micros,
): AsyncGenerator<TextEvent, void, undefined> {
  const chat = new Chat(inputTokens, cost);
  try {
    for await (const { data } of events) {
      if (data.trim() === '[DONE]') {
        chat.finish('stop');
        break;
      }
      yield* chat.take(readChatPiece(data), data);
    }
  } catch (error) {
    // If the whole text has arrived, a later error does not matter.
    if (!chat.finished) throw error;
  }
  yield* chat.end();
}

class Chat {
  readonly #calls = new ToolCalls();
  #started = false;
  #reason: string | undefined;
  /** The model itself said that it was done. An empty text is then a valid answer. */
  #ended = false;
  #bytes = 0;
  #input: number;
  #counted = { tokens: 0, bytes: 0 };
  #cost: Micros | undefined;

  constructor(inputTokens: number, cost: Micros | undefined) {
    this.#input = inputTokens;
    this.#cost = cost;
  }

  get finished(): boolean {
    return this.#reason !== undefined;
  }

  finish(reason: string): void {
    this.#reason ??= reason;
  }

  *take(piece: ChatPiece, raw: string): Generator<TextEvent> {
    const { choices, usage, error, done } = piece;
    if (error !== undefined && error !== null)
      throw failureFrom(undefined, failures.read({ error }), failures, { paid: true, raw });
    const choice = choices?.[0];
    const message = choice?.delta ?? choice?.message;
    const text = message ? this.#read(message) : '';
    if (usage) this.#count(usage);
    // Starts with the first choice: until then a failure can still be reported as an ordinary error.
    if (!this.#started && choice !== undefined) {
      this.#started = true;
      yield { type: 'start', inputTokens: this.#input };
    }
    if (text !== '') yield { type: 'delta', text, outputTokens: this.#outputTokens() };
    if (choice?.finish_reason === 'error')
      throw new GenlockError('upstream_failed', undefined, { raw, accepted: 'maybe' });
    if (choice?.finish_reason === 'content_filter')
      throw new GenlockError('content_rejected', undefined, { raw, accepted: 'yes' });
    if (choice?.finish_reason) {
      this.#ended = true;
      this.finish(choice.finish_reason);
    }
    if (done === true) this.finish('stop');
  }

  /** Takes a message in and returns the part that the caller sees. */
  #read({ content, refusal, reasoning_content, reasoning, tool_calls }: Message): string {
    const text = textOf(content) + (refusal ?? '');
    if (tool_calls) this.#calls.add(tool_calls);
    const unseen =
      (reasoning_content ?? reasoning ?? '') +
      thoughtsIn(content) +
      (tool_calls ? JSON.stringify(tool_calls) : '');
    this.#bytes += Buffer.byteLength(text + unseen);
    if (this.#bytes > MAX_BYTES)
      throw new GenlockError('upstream_invalid_result', undefined, {
        raw: `a text of more than ${MAX_BYTES} bytes`,
        accepted: 'maybe',
      });
    return text;
  }

  /** Zeros come from servers that do not count. */
  #count({
    prompt_tokens,
    completion_tokens,
    completion_tokens_details: details,
    cost,
  }: NonNullable<ChatPiece['usage']>): void {
    this.#input = countOf(prompt_tokens) || this.#input;
    const tokens = countOf(completion_tokens);
    const unseen = countOf(details?.reasoning_tokens) ?? 0;
    if (tokens) this.#counted = { tokens: Math.min(tokens, this.#most(unseen)), bytes: this.#bytes };
    if (typeof cost === 'number' && cost >= 0) this.#cost = Math.round(cost * 1_000_000);
  }

  /**
   * An upper bound for the output tokens. A token is at least one byte, except for a few marks. Reasoning that was not sent is counted
   * separately (`unseen`).
   */
  #most(unseen: number): number {
    return this.#bytes + unseen + MARKS;
  }

  *end(): Generator<TextEvent> {
    if (this.#reason === undefined)
      throw new GenlockError('upstream_failed', undefined, { raw: 'the text broke off', accepted: 'maybe' });
    if (!this.#ended && this.#bytes === 0)
      throw new GenlockError('upstream_invalid_result', undefined, {
        raw: 'an end, and nothing before it',
        accepted: 'yes',
      });
    const calls = this.#calls.list();
    const outputTokens = this.#outputTokens();
    if (!this.#started) yield { type: 'start', inputTokens: this.#input };
    if (calls.length > 0) yield { type: 'tool_calls', calls, outputTokens };
    const finishReason = LIMITED.includes(this.#reason) ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop';
    const cost = this.#cost === undefined ? {} : { cost: this.#cost };
    yield { type: 'end', finishReason, inputTokens: this.#input, outputTokens, ...cost };
  }

  /** What the server counted, plus an estimate of what has come since. */
  #outputTokens(): number {
    return this.#counted.tokens + Math.ceil((this.#bytes - this.#counted.bytes) / BYTES_PER_TOKEN);
  }
}

/** Some servers send content as parts, as they also accept it. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return partsOf(content)
    .map((part) => (isText(part) ? part.text : ''))
    .join('');
}

/** Parts with reasoning, which are not part of the answer. */
function thoughtsIn(content: unknown): string {
  return partsOf(content)
    .map((part) => (isText(part) ? '' : JSON.stringify(part)))
    .join('');
}

function partsOf(content: unknown): readonly unknown[] {
  return Array.isArray(content) ? content : [];
}

function isText(part: unknown): part is { readonly text: string } {
  const { type, text } = membersOf(part);
  return type === 'text' && typeof text === 'string';
}
