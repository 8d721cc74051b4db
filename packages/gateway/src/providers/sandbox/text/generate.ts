import { keywords, opening } from './keywords.ts';
import { BORDER, type NgramModel } from './ngram.ts';
import { fingerprint, randomFrom } from './random.ts';
import { StopGate } from './stops.ts';
import { countTokens, wouldMerge } from './tokens.ts';
import { Writer } from './writer.ts';

export interface TextRequest {
  prompt: string;
  maxTokens: number;
  /** 0: always the most likely token. */
  temperature: number;
  topP?: number;
  topK?: number;
  /** The text ends before the first of these. */
  stop?: readonly string[];
  seed: number;
}

export interface TextUsage {
  promptTokens: number;
  completionTokens: number;
  /** `stop`: the text was complete or reached a stop text. `length`: `maxTokens` were written. */
  finishReason: 'stop' | 'length';
}

const FEWEST_SENTENCES = 2;
const MOST_SENTENCES = 5;

/**
 * Writes a few sentences about the prompt. Each piece is one token; joined, the pieces are the text. The same model and request always give
 * the same text.
 */
export function* generateText(
  model: NgramModel,
  request: TextRequest,
): Generator<string, TextUsage, undefined> {
  const promptTokens = countTokens(request.prompt);
  const gate = new StopGate(request.stop);
  let completionTokens = 0;
  let finishReason: TextUsage['finishReason'] = 'length';
  for (const { text, last } of write(model, request)) {
    if (last) {
      finishReason = 'stop';
      break;
    }
    const { released, stopped } = gate.push(text);
    completionTokens += released.length;
    yield* released;
    if (stopped) return { promptTokens, completionTokens, finishReason: 'stop' };
  }
  const rest = gate.rest();
  yield* rest;
  return { promptTokens, completionTokens: completionTokens + rest.length, finishReason };
}

/** Tokens without regard to stop texts: at most `maxTokens`, then an entry marked `last` if the text is complete. */
function* write(
  model: NgramModel,
  request: TextRequest,
): Generator<{ text: string; last: boolean }, void, undefined> {
  const seed = request.temperature > 0 ? request.seed : 0; // without temperature, text and length are the same for every seed
  const random = randomFrom((seed ^ fingerprint(request.prompt)) >>> 0);
  const topics = keywords(model, request.prompt);
  const writer = new Writer(model, { ...request, keywords: topics, random });
  const first = opening(model, topics);
  for (const token of first) writer.put(token);
  const sentences = FEWEST_SENTENCES + Math.floor(random() * (MOST_SENTENCES - FEWEST_SENTENCES + 1));
  let complete = 0;
  let before = '';
  for (let written = 0; ; ) {
    const token = first.shift() ?? writer.next();
    if (token === BORDER) {
      complete++;
      if (complete === sentences) return yield { text: '', last: true };
      continue;
    }
    if (written >= request.maxTokens) return;
    const text = spell(model.vocabulary[token] ?? '', before);
    yield { text, last: false };
    before = text;
    written++;
  }
}

/** The text of a token after `before`: the whole text starts with a capital and without a space, and words stay separated. */
function spell(token: string, before: string): string {
  if (before === '') return capital(token.trimStart());
  return wouldMerge(before, token) ? ` ${token}` : token;
}

function capital(word: string): string {
  const upper = word.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
  return upper.length === word.length ? upper : word; // "ß" would become two letters
}
