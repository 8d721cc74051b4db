import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import { discardBody } from '../../http/upload-body.ts';
import { type CreateBody, FilePart, type Given, invalid } from './body.ts';

/** "100 MiB multipart" (contract section 3), files and text together. */
export const MAX_MULTIPART = 100 * 1024 * 1024;
/** Far more than the fields and files of any model. */
const MAX_PARTS = 100;
const MAX_TEXT = 256 * 1024;

const LIMITS = {
  fileSize: MAX_MULTIPART,
  files: MAX_PARTS,
  fields: MAX_PARTS,
  parts: MAX_PARTS,
  fieldSize: MAX_TEXT,
};

/**
 * Reads a multipart body. A key that occurs more than once, or as `name[]`, is a list in the order of its parts, in which files and text
 * can be mixed. Files of fields that the model does not have are discarded.
 *
 * @throws GenlockError `malformed_request`
 */
export async function readMultipart(
  request: FastifyRequest,
  wanted: (name: string) => boolean,
): Promise<CreateBody> {
  try {
    return { values: await readParts(request, wanted), fromText: true };
  } catch (thrown) {
    discardBody(request);
    if (thrown instanceof GenlockError) throw thrown;
    const size = (thrown as { code?: unknown }).code === 'FST_REQ_FILE_TOO_LARGE';
    throw size
      ? tooLarge()
      : new GenlockError('malformed_request', 'The multipart body could not be read.', { cause: thrown });
  }
}

async function readParts(
  request: FastifyRequest,
  wanted: (name: string) => boolean,
): Promise<ReadonlyMap<string, Given>> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_MULTIPART) throw tooLarge();
  const lists = new Map<string, (string | FilePart)[]>();
  const asList = new Set<string>();
  let size = 0;
  for await (const part of request.parts({ limits: LIMITS })) {
    const name = part.fieldname.replace(/\[\]$/, '');
    let value: string | FilePart;
    if (part.type === 'file') {
      if (!wanted(name)) {
        part.file.resume();
        continue;
      }
      value = new FilePart(await part.toBuffer());
      size += value.bytes.length;
    } else {
      value = textOf(name, part.value, part.valueTruncated);
      size += value.length;
    }
    if (size > MAX_MULTIPART) throw tooLarge();
    if (name !== part.fieldname) asList.add(name);
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [value]);
    else list.push(value);
  }
  return new Map(
    [...lists].map(([name, list]) => [name, list.length === 1 && !asList.has(name) ? (list[0] ?? '') : list]),
  );
}

function textOf(name: string, value: unknown, truncated: boolean): string {
  if (truncated) throw invalid(name, 'is too long');
  const text = String(value);
  if (!text.isWellFormed() || text.includes('\0'))
    throw new GenlockError('malformed_request', 'Text must not hold NUL or unpaired surrogates.', {
      param: name,
    });
  return text;
}

function tooLarge(): GenlockError {
  return new GenlockError('malformed_request', 'The body is too large.');
}
