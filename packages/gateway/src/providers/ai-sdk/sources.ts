import { GenlockError } from '../../domain/error.ts';
import type { SourceMedia } from '../../domain/request.ts';
import type { ProviderCall } from '../port.ts';
import { mediaTypeOf } from '../upstream/media-type.ts';

/** A file in the form of the specification. */
export interface SourceFile {
  readonly type: 'file';
  readonly mediaType: string;
  readonly data: Uint8Array;
}

type Role = SourceMedia['role'];

/** Reads the sources, sorted by role. @throws GenlockError `model_misconfigured` for a role that the specification does not have */
export async function readSources(
  call: ProviderCall,
  places: readonly Role[],
): Promise<(...roles: readonly Role[]) => SourceFile[]> {
  const sources = call.request.sources ?? [];
  const foreign = sources.find(({ role }) => !places.includes(role));
  if (foreign !== undefined)
    throw new GenlockError('model_misconfigured', undefined, {
      raw: `the AI SDK has no place for a source that is its ${foreign.role}`,
    });
  const files = await Promise.all(
    sources.map(async ({ role, url }) => {
      const data = await call.fetchSource(url);
      return { role, file: { type: 'file', mediaType: mediaTypeOf(data).contentType, data } as const };
    }),
  );
  return (...roles) => files.filter(({ role }) => roles.includes(role)).map(({ file }) => file);
}
