import { GenlockError } from '../../../domain/error.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { TextRequest, Tool } from '../../../domain/request.ts';

/** The same limit as OpenAI's. */
const MAX_TOOLS = 128;
const MAX_NAME = 128;

type Offer = Pick<TextRequest, 'tools' | 'toolChoice'>;

/**
 * The tools that a request offers, and whether one must be called (contract section 8). `parameters` may be JSON Schema or a loose map, and
 * is passed on unchanged.
 *
 * @throws GenlockError `invalid_parameter`
 */
export function readTools(tools: Json | undefined, choice: Json | undefined): Offer {
  const offered = tools === undefined ? [] : readList(tools);
  const toolChoice = readChoice(choice, offered);
  return {
    ...(offered.length > 0 && { tools: offered }),
    ...(toolChoice !== undefined && { toolChoice }),
  };
}

function readList(value: Json): readonly Tool[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : undefined;
  if (list === undefined || list.length > MAX_TOOLS)
    throw invalid('tools', `must be an array of at most ${MAX_TOOLS} tools`);
  return list.map((entry, index) => {
    const at = `tools[${index}]`;
    const tool = (isObject(entry) && entry.type === 'function' ? entry.function : undefined) ?? null;
    if (!isObject(tool)) throw invalid(at, 'must be of type function and have a function');
    const { name, description, parameters } = tool;
    if (typeof name !== 'string' || name === '' || name.length > MAX_NAME)
      throw invalid(`${at}.function.name`, `must be a text of 1 to ${MAX_NAME} characters`);
    if (description !== undefined && description !== null && typeof description !== 'string')
      throw invalid(`${at}.function.description`, 'must be a text');
    if (parameters !== undefined && parameters !== null && !isObject(parameters))
      throw invalid(`${at}.function.parameters`, 'must be an object');
    return {
      name,
      ...(typeof description === 'string' && { description }),
      ...(isObject(parameters) && { parameters }),
    };
  });
}

function readChoice(choice: Json | undefined, tools: readonly Tool[]): Offer['toolChoice'] {
  if (choice === undefined) return undefined;
  if (choice === 'none' || choice === 'auto') return choice;
  if (choice === 'required' && tools.length > 0) return choice;
  const named =
    isObject(choice) && choice.type === 'function' && isObject(choice.function) ? choice.function.name : null;
  if (typeof named === 'string' && tools.some(({ name }) => name === named)) return { name: named };
  throw invalid('tool_choice', 'must be auto, none, required, or name a function of tools');
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}
