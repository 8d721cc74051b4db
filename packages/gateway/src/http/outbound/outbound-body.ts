import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { outboundError } from './outbound-error.ts';

/** We ask for no encoding, but some servers encode anyway. One layer is decoded; several are an attack or a mistake. */
const DECODERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * Reads and decodes the whole body. Stops at `maxBytes` of decoded bytes, and also of bytes on the wire, because a stream of empty gzip
 * members decodes to nothing and never ends. Throws OutboundError `too_large` or `protocol`, or the stream's own error. The caller has to
 * close the stream.
 */
export async function readBody(
  stream: Readable,
  url: URL,
  method: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  maxBytes: number,
): Promise<Uint8Array> {
  const tooLarge = () => outboundError('too_large', url);
  const bodyless = method === 'HEAD' || status === 204 || status === 304;
  const encoding = bodyless ? 'identity' : (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decoder = DECODERS.get(encoding);
  if (decoder === undefined && encoding !== 'identity')
    throw outboundError('protocol', url, 'unknown content encoding');
  if (!bodyless && decoder === undefined && Number(headers['content-length']) > maxBytes) throw tooLarge();

  const collect = async (source: AsyncIterable<Buffer>) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, bytes);
  };
  if (decoder === undefined) return pipeline(stream, collect);

  // Encoding can make incompressible bytes slightly longer, so the limit on the wire is higher.
  const maxWire = maxBytes + Math.ceil(maxBytes / 64) + 4096;
  let wire = 0;
  const count = async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      wire += chunk.length;
      if (wire > maxWire) throw tooLarge();
      yield chunk;
    }
  };
  return pipeline(stream, count, decoder(), collect);
}
