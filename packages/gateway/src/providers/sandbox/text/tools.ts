import type { JsonObject } from '../../../domain/json.ts';
import type { TextRequest, Tool } from '../../../domain/request.ts';
import { argumentsFor } from './tool-arguments.ts';

/** The tool that is called and what it is called with. */
export interface ChosenTool {
  readonly name: string;
  readonly arguments: JsonObject;
}

/**
 * Whether a chat is answered by calling a tool: a user who has the last word is, the answer of a tool is put into words, unless a
 * call is demanded. The tool
 * whose name and description have most in common with what the user wrote is called; the first one, where none has anything.
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

/** A word of the name counts more than one of the description, which may be about anything. */
function scoreOf({ name, description = '' }: Tool, wanted: ReadonlySet<string>): number {
  const named = [...wordsOf(name)].filter((word) => wanted.has(word)).length;
  const described = [...wordsOf(description)].filter((word) => wanted.has(word)).length;
  return 4 * named + described;
}

/** `readFile`, `read_file` and "Read the file" have the same words. */
function wordsOf(text: string): Set<string> {
  const apart = text.slice(0, LOOK_AT).replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
  const words = apart.toLowerCase().match(/\p{L}{2,}/gu) ?? [];
  return new Set(
    words.map((word) => word.replace(/(?<=\p{L}{2})s$/u, '')).filter((word) => !EMPTY.has(word)),
  );
}

/** What a prompt is about is said early; a file that is pasted behind it need not be read. */
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
