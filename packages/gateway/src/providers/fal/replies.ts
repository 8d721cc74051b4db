import Type from 'typebox';
import type { Json } from '../../domain/json.ts';
import { membersOf } from '../upstream/read-members.ts';
import { replyReader } from '../upstream/reply.ts';
import { linksIn, type ResultLink } from '../upstream/result-links.ts';

const maybe = Type.Optional(Type.Union([Type.String(), Type.Null()]));

export const readOrdered = replyReader(
  Type.Object({ request_id: Type.String({ minLength: 1, maxLength: 200 }), response_url: maybe }),
  true,
);
export const readStatus = replyReader(Type.Object({ status: Type.Optional(Type.String()) }), false);
export const readResult = replyReader(Type.Object({}), false);

/** The files of a result, without pictures that its safety checker blackened. `withheld`: there were such pictures. */
export function filesOf(result: unknown): {
  readonly links: readonly ResultLink[];
  readonly withheld: boolean;
} {
  const { has_nsfw_concepts: flags, images, ...rest } = membersOf(result);
  if (!Array.isArray(flags) || !Array.isArray(images) || !flags.includes(true))
    return { links: linksIn((result ?? null) as Json, false), withheld: false };
  const shown = images.filter((_, index) => flags[index] !== true);
  return { links: linksIn({ ...rest, images: shown } as Json, false), withheld: true };
}
