import type { MediaFacts } from '../gateway/core.ts';

/** Imported on first use: decoders take memory and time to load, which a gateway without generations can save. */
export async function probeMedia(bytes: Uint8Array): Promise<MediaFacts> {
  const { probe } = await import('../assets/probe.ts');
  return probe(bytes);
}
