import type { JsonObject } from '../../../domain/json.ts';
import type { TextRequest, Tool } from '../../../domain/request.ts';
import { argumentsFor } from './tool-arguments.ts';

/** The chosen tool, with its arguments. */
export interface ChosenTool {
  readonly name: string;
  readonly arguments: JsonObject;
}

/**
 * Whether to answer a chat by calling a tool. If the last message is the user's, a tool is called; if it is a tool's answer, that is put
 * into words, unless a call is demanded. The tool whose name and description have most in common with the user's words is called; the first
 * one if none has anything in common.
 */
export function chooseTool({
  messages,
  tools = [],
  toolChoice = 'auto',
}: TextRequest): ChosenTool | undefined {
  const last = messages.at(-1);
  const mustCall = toolChoice === 'required' || typeof toolChoice === 'object';
  if (last === undefined || toolChoice === 'none' || (last.role !== 'user' && !mustCall)) return undefined;
  const offered =
    typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.name) : tools;
  const wanted = wordsOf(last.content);
  const [best] = offered
    .map((tool) => ({ tool, score: scoreOf(tool, wanted) }))
    .toSorted((a, b) => b.score - a.score);
  return best && { name: best.tool.name, arguments: argumentsFor(best.tool, last.content) };
}

/** A word in the name counts more than one in the description, which may mention anything. */
function scoreOf({ name, description = '' }: Tool, wanted: ReadonlySet<string>): number {
  const named = [...wordsOf(name)].filter((word) => wanted.has(word)).length;
  const described = [...wordsOf(description)].filter((word) => wanted.has(word)).length;
  return 4 * named + described;
}

/** `readFile`, `read_file` and "Read the file" give the same words. */
function wordsOf(text: string): Set<string> {
  const apart = text.slice(0, LOOK_AT).replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  const words = apart.toLowerCase().match(/\p{L}{2,}/gu) ?? [];
  return new Set(
    words.map((word) => word.replace(/(?<=\p{L}{2})s$/u, '')).filter((word) => !EMPTY.has(word)),
  );
}

/** A prompt says early what it is about; a file pasted after it need not be read. */
const LOOK_AT = 4_000;
const EMPTY = new Set([
  'the',
  'an',
  'of',
  'to',
  'in',
  'at',
  'and',
  'or',
  'for',
  'is',
  'it',
  'me',
  'my',
  'you',
  'what',
  'with',
  'on',
  'from',
]);
