import type { Json, JsonObject } from '../../../domain/json.ts';
import type { TextRequest, Tool } from '../../../domain/request.ts';
import { invalid, isList, isObject } from './fields.ts';

const MAX_TOOLS = 128;

/**
 * `tools`: in chat a function is in a member of that name, in responses it is flat.
 *
 * @throws GenlockError `invalid_parameter`
 */
export function readTools(value: Json | undefined): readonly Tool[] {
  if (value === undefined || value === null) return [];
  if (!isList(value) || value.length > MAX_TOOLS)
    throw invalid('tools', `must be a list of at most ${MAX_TOOLS} tools`);
  return value.map((tool, index) => {
    const at = `tools[${index}]`;
    if (!isObject(tool) || tool.type !== 'function') throw invalid(at, 'must be of type function');
    const given: JsonObject = isObject(tool.function) ? tool.function : tool;
    if (typeof given.name !== 'string' || given.name === '')
      throw invalid(`${at}.function.name`, 'is required');
    return {
      name: given.name,
      ...(typeof given.description === 'string' && { description: given.description }),
      ...(isObject(given.parameters) && { parameters: given.parameters }),
    };
  });
}

/** @throws GenlockError `invalid_parameter` */
export function readToolChoice(value: Json | undefined): TextRequest['toolChoice'] {
  if (value === undefined || value === null) return undefined;
  if (value === 'auto' || value === 'none' || value === 'required') return value;
  const given = isObject(value) && isObject(value.function) ? value.function : value;
  if (isObject(given) && typeof given.name === 'string') return { name: given.name };
  throw invalid('tool_choice', 'must be auto, none, required or a function');
}
