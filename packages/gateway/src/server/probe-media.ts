import type { MediaFacts } from '../gateway/core.ts';

/** Decoders take memory and time to load; a gateway that makes nothing loads none. */
export async function probeMedia(bytes: Uint8Array): Promise<MediaFacts> {
  const { probe } = await import('../assets/probe.ts');
  return probe(bytes);
}
