import { probe } from '../../../assets/probe.ts';
import type { MediaFacts } from '../../../gateway/core.ts';
import { type GenerationDetail, generationDetail } from '../../../gateway/generation-detail.ts';
import type { TestGateway } from '../../../testing/gateway.ts';

/** The operator's view of a generation. */
export function detailOf({ core }: TestGateway, id: string): Promise<GenerationDetail> {
  return generationDetail(core, id);
}

/** The facts found by decoding the delivered files. */
export async function factsOf({ core }: TestGateway, id: string): Promise<readonly MediaFacts[]> {
  const assets = await core.store.assetsOf(id);
  return Promise.all(
    assets.map(async ({ blob, bytes }) => probe((await core.blobs.readAll(blob, bytes)) ?? new Uint8Array())),
  );
}

/** Resets all routes, so that a test does not affect the next one. */
export async function mendRoutes({ admin }: TestGateway): Promise<void> {
  const { body } = await admin<{ data: { provider: string; model: string }[] }>('GET', '/routes');
  for (const { provider, model } of body.data)
    await admin('POST', `/routes/${provider}/${encodeURIComponent(model)}/reset`);
}
