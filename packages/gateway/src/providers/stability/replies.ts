import Type from 'typebox';
import { GenlockError } from '../../domain/error.ts';
import type { Output } from '../port.ts';
import { replyReader } from '../upstream/reply.ts';

const picture = Type.Object({
  image: Type.Optional(Type.String()),
  /** The member's name in the answer to a poll. */
  result: Type.Optional(Type.String()),
  finish_reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});

const readPictureReply = replyReader(picture, true);
const readTaken = replyReader(Type.Object({ id: Type.String({ minLength: 1 }) }), true);

/**
 * The picture of an answer. Pictures that moderation rejected come blurred and are charged all the same.
 *
 * @throws GenlockError `content_rejected`, `upstream_invalid_result`
 */
export function readPicture(body: Uint8Array): Output {
  const { image, result, finish_reason } = readPictureReply(body);
  if (finish_reason === 'CONTENT_FILTERED')
    throw new GenlockError('content_rejected', undefined, { raw: finish_reason, accepted: 'yes' });
  const bytes = Buffer.from(image ?? result ?? '', 'base64');
  if (bytes.length > 0) return { bytes, contentType: '' };
  const raw = `no picture: ${finish_reason ?? 'without a reason'}`;
  throw new GenlockError('upstream_invalid_result', undefined, { raw, accepted: 'yes' });
}

/** The id of asynchronous work. */
export function readId(body: Uint8Array): string {
  return readTaken(body).id;
}
