import Type from 'typebox';
import { GenlockError } from '../../domain/error.ts';
import type { Output } from '../port.ts';
import { replyReader } from '../upstream/reply.ts';

const picture = Type.Object({
  image: Type.Optional(Type.String()),
  /** Its name where it was asked after. */
  result: Type.Optional(Type.String()),
  finish_reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});

const readPictureReply = replyReader(picture, true);
const readTaken = replyReader(Type.Object({ id: Type.String({ minLength: 1 }) }), true);

/**
 * The picture of an answer. What was found unfit comes blurred, and is charged for all the same.
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

/** The id of work that takes its time. */
export function readId(body: Uint8Array): string {
  return readTaken(body).id;
}
