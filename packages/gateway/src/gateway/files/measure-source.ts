import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { Core, MediaFacts } from '../core.ts';
import { fetchSource } from './sources.ts';

/**
 * Fetches a source before anything is admitted and measures it by decoding, for contracts that price by it.
 *
 * @throws GenlockError `media_unreadable` if it cannot be fetched or decoded
 */
export async function measureSource(
  core: Core,
  owner: Pick<Generation, 'accountId' | 'mode'>,
  url: string,
  signal: AbortSignal,
): Promise<MediaFacts> {
  const bytes = await fetchSource(core, owner, url, signal);
  try {
    return await core.probe(bytes);
  } catch (cause) {
    throw new GenlockError('media_unreadable', 'A source file could not be read.', { cause });
  }
}
