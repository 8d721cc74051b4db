import { GenlockError } from '../../../domain/error.ts';
import type { SourceMedia } from '../../../domain/request.ts';

/**
 * For contracts without uploads: a source must be a public URL, which the upstream fetches itself. @throws GenlockError
 * `model_misconfigured`
 */
export async function publicLink({ url }: SourceMedia): Promise<string> {
  if (/^https?:/.test(url)) return url;
  throw new GenlockError('model_misconfigured', undefined, {
    raw: 'the upstream takes sources by public URLs only, and this one was uploaded here',
  });
}
