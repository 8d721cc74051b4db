import { probe } from '../../../assets/probe.ts';
import type { MediaFacts } from '../../../gateway/core.ts';
import { type GenerationDetail, generationDetail } from '../../../gateway/generation-detail.ts';
import type { TestGateway } from '../../../testing/gateway.ts';

/** What the operator sees of a generation. */
export function detailOf({ core }: TestGateway, id: string): Promise<GenerationDetail> {
  return generationDetail(core, id);
}

/** What decoding the delivered files finds. */
export async function factsOf({ core }: TestGateway, id: string): Promise<readonly MediaFacts[]> {
  const assets = await core.store.assetsOf(id);
  return Promise.all(
    assets.map(async ({ blob, bytes }) => probe((await core.blobs.readAll(blob, bytes)) ?? new Uint8Array())),
  );
}

/** Lets every route be used again: what one test did to it is no concern of the next. */
export async function mendRoutes({ admin }: TestGateway): Promise<void> {
  const { body } = await admin<{ data: { provider: string; model: string }[] }>('GET', '/routes');
  for (const { provider, model } of body.data)
    await admin('POST', `/routes/${provider}/${encodeURIComponent(model)}/reset`);
}
