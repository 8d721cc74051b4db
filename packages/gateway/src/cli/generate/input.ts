import type { Model } from '@genlock/client';
import { CommandFailure } from '../failure.ts';
import { flagOf, type GenerateFlags } from './flags.ts';

export type Input = Readonly<Record<string, unknown>>;

interface MemberSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
}

/** The members that a model takes; undefined if it does not say. */
export function membersOf({
  input_schema: { properties },
}: Model): Readonly<Record<string, MemberSchema>> | undefined {
  return typeof properties === 'object' && properties !== null
    ? (properties as Record<string, MemberSchema>)
    : undefined;
}

/**
 * Makes the input of an order from what was typed. Types come from the model's schema; values are left to the server, which says what is
 * wrong with them.
 *
 * @param images ids or URLs of the source images
 * @throws CommandFailure for members that the model does not take, because this message can be clearer than the server's refusal
 */
export function buildInput(
  model: Model,
  prompt: string,
  flags: GenerateFlags,
  images: readonly string[],
): Input {
  const members = membersOf(model);
  const taken = members === undefined ? undefined : Object.keys(members);
  const input: Record<string, unknown> = {
    [taken?.includes('text') && !taken.includes('prompt') ? 'text' : 'prompt']: prompt,
  };
  const put = (name: string, value: string | boolean, typed: string): void => {
    if (taken !== undefined && !taken.includes(name))
      throw new CommandFailure(`${model.id} takes no ${typed}. It takes ${taken.map(flagOf).join(', ')}`);
    input[name] = typeof value === 'boolean' ? value : typedValue(value, members?.[name]?.type, typed);
  };
  for (const [name, value] of Object.entries(flags.named)) put(name, value, flagOf(name));
  for (const pair of flags.input) {
    const [, name = '', value = ''] = /^([^=]+)=([\s\S]*)$/.exec(pair) ?? [];
    put(name, value, name);
  }
  return { ...input, ...placeImages(model, images, taken) };
}

function placeImages(
  { id }: Model,
  images: readonly string[],
  taken: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  if (images.length === 0) return {};
  if (taken === undefined || taken.includes('images')) return { images };
  const frames = ['first_frame', 'last_frame'].filter((name) => taken.includes(name));
  if (images.length > frames.length)
    throw new CommandFailure(
      frames.length === 0
        ? `${id} takes no pictures`
        : `${id} takes at most ${frames.length} pictures: the first frame and the last`,
    );
  return Object.fromEntries(images.map((image, index) => [frames[index], image]));
}

function typedValue(text: string, type: string | undefined, typed: string): unknown {
  switch (type) {
    case 'integer':
    case 'number': {
      const number = Number(text);
      if (text.trim() === '' || !Number.isFinite(number))
        throw new CommandFailure(`${typed} must be a number, not "${text}"`);
      return number;
    }
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new CommandFailure(`${typed} must be true or false, not "${text}"`);
    case 'string':
      return text;
    default:
      return jsonOr(text, () => {
        if (type === undefined) return text;
        throw new CommandFailure(`${typed} must be JSON (${type}), not "${text}"`);
      });
  }
}

function jsonOr(text: string, otherwise: () => unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise();
  }
}
