import { setTimeout as sleep } from 'node:timers/promises';
import { callJson, download } from './call.ts';
import { type Order, type Scene, SceneError } from './scene.ts';

/** The members of a generation object that the demo reads (contracts/kiara.md section 6). */
interface KiaraGeneration {
  readonly id: string;
  readonly status: 'queued' | 'processing' | 'completed' | 'failed' | 'canceled';
  readonly result: { readonly url: string } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Often enough for a moving bar, and half of the reads that a key has by default (600 per minute). */
const POLL_MS = 200;

/** A scene in the Kiara dialect: create, poll until the end, download with the same key. */
export function kiaraScene({ title, file, model, input }: Order): Scene {
  return {
    title,
    file,
    dialect: 'kiara',
    model,
    async make(access, report) {
      report('submitting');
      let generation = await callJson<KiaraGeneration>(access, '/v1/generations', {
        product: model,
        ...input,
      });
      const { id } = generation;
      while (generation.status === 'queued' || generation.status === 'processing') {
        report(generation.status);
        await sleep(POLL_MS, undefined, { signal: access.signal });
        generation = await callJson(access, `/v1/generations/${id}`);
      }
      if (generation.result === null) {
        const { status, error } = generation;
        throw new SceneError(
          `${id} ${status}${error === null ? '' : ` (${error.code}: ${error.message})`}`,
          id,
        );
      }
      report('downloading');
      return { generationId: id, bytes: await download(access, generation.result.url) };
    },
  };
}
