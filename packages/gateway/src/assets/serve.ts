import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from './byte-range.ts';
import type { BlobStore } from './port.ts';

export interface SendBlobOptions {
  readonly blobs: Pick<BlobStore, 'read'>;
  readonly blob: string;
  readonly asset: {
    readonly contentType: string;
    readonly bytes: number;
    /** Lower-case hex. Becomes the strong ETag. */
    readonly sha256: string;
  };
  readonly cacheControl: string;
  /**
   * Answers a range outside the file, in the dialect's own shape. `Content-Range: bytes *\/size` is already set, and so is a header that
   * forbids caching: a cache would otherwise give this answer to those who ask for the whole file.
   */
  readonly onUnsatisfiable: (reply: FastifyReply) => unknown;
}

/**
 * Answers GET or HEAD with a blob: strong ETag, `If-None-Match`, a single `Range` (several are answered with the whole file), `If-Range`.
 * Resolves to false, with nothing set or sent, if the blob is missing, so that the caller can answer its own 404. Bytes are streamed at the
 * client's speed, and the file is closed if the client hangs up. Rejects if the blob store cannot be read.
 */
export async function sendBlob(
  request: FastifyRequest,
  reply: FastifyReply,
  { blobs, blob, asset, cacheControl, onUnsatisfiable }: SendBlobOptions,
): Promise<boolean> {
  const etag = `"${asset.sha256}"`;
  const unchanged = matchesEtag(request.headers['if-none-match'], etag);
  const range = unchanged || request.method === 'HEAD' ? undefined : wantedRange(request, etag, asset.bytes);

  // Opened even if no byte will be sent: an asset whose blob is gone must be answered as not found, whatever its row says.
  const source = await blobs.read(blob, typeof range === 'object' ? range : undefined);
  if (source === undefined) return false;
  const bytes = source instanceof Readable ? source : Readable.from(source);

  if (range === 'unsatisfiable') {
    close(bytes);
    reply.headers({ 'Content-Range': `bytes */${asset.bytes}`, 'Cache-Control': 'no-store' });
    await onUnsatisfiable(reply);
    return true;
  }
  reply.headers({ ETag: etag, 'Cache-Control': cacheControl });
  if (unchanged) {
    close(bytes);
    reply.code(304).send();
    return true;
  }
  reply.headers({ 'Accept-Ranges': 'bytes', 'X-Content-Type-Options': 'nosniff' });

  const length = range === undefined ? asset.bytes : range.end - range.start + 1;
  reply.headers({ 'Content-Type': asset.contentType, 'Content-Length': length });
  if (range !== undefined)
    reply.code(206).header('Content-Range', `bytes ${range.start}-${range.end}/${asset.bytes}`);
  if (request.method === 'HEAD') {
    close(bytes);
    // An empty stream, because for an empty body Fastify would replace our `Content-Length` by 0.
    reply.send(Readable.from([]));
  } else {
    reply.send(bytes);
  }
  return true;
}

function wantedRange(request: FastifyRequest, etag: string, size: number) {
  const ifRange = request.headers['if-range'];
  // A date cannot match, because assets have no Last-Modified. A weak tag must not match (RFC 9110, 13.1.5).
  if (ifRange !== undefined && ifRange !== etag) return undefined;
  return parseRange(request.headers.range, size);
}

/** `If-None-Match` compares weakly (RFC 9110, 13.1.2). */
function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}

function close(bytes: Readable): void {
  bytes.on('error', () => {}).destroy();
}
