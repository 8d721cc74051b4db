import { GenlockError } from '../../domain/error.ts';
import type { Delivered, PollReply, ProviderCall } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import { isMedia, type MediaRequest } from './request-values.ts';
import { fetchResult } from './result-file.ts';
import { filesFrom } from './result-files.ts';
import { orderedOf, type ResultLink } from './result-links.ts';
import type { Upstream } from './upstream.ts';

/** Larger results cannot be what was ordered. */
const MAX_BYTES: Readonly<Record<MediaRequest['kind'], number>> = {
  image: 64 * 1024 * 1024,
  video: 512 * 1024 * 1024,
  speech: 128 * 1024 * 1024,
};

/**
 * Finishes work that the upstream has done. Copies the files that were ordered, because links expire soon. If there are no files, the work
 * has failed. If none can be fetched now, it may be possible later.
 *
 * @throws GenlockError `upstream_invalid_result` if no file could be fetched
 */
export async function finishedWith(
  links: readonly ResultLink[],
  { request, signal }: ProviderCall,
  { upstream, tools }: { readonly upstream: Upstream; readonly tools: ProviderTools },
  told: Omit<Delivered, 'outputs'> = {},
): Promise<PollReply> {
  const ordered = isMedia(request) ? orderedOf(links, request) : [];
  const maxBytes = isMedia(request) ? MAX_BYTES[request.kind] : 0;
  if (ordered.length === 0) return { state: 'failed', error: noFile() };
  const files = await filesFrom(
    ordered.map(async ({ url, contentType }) => {
      const output = await fetchResult(url, { upstream, tools, signal, maxBytes });
      return output.contentType === '' ? { ...output, contentType } : output;
    }),
  );
  return { state: 'finished', ...files, ...told };
}

function noFile(): GenlockError {
  const raw = 'the finished work has no file';
  return new GenlockError('upstream_invalid_result', undefined, { raw, accepted: 'yes' });
}
