import { GenlockError } from '../../../domain/error.ts';
import type { SourceMedia } from '../../../domain/request.ts';

/** Of contracts that know no uploads: a source is a public URL, which the upstream reads by itself. @throws GenlockError `model_misconfigured` */
export async function publicLink({ url }: SourceMedia): Promise<string> {
  if (/^https?:/.test(url)) return url;
  throw new GenlockError('model_misconfigured', undefined, {
    raw: 'the upstream takes sources by public URLs only, and this one was uploaded here',
  });
}
