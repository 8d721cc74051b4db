import { callJson, download } from './call.ts';
import { type Order, type Scene, SceneError } from './scene.ts';

/** The members of a generation that the demo reads (docs/native.md). */
interface NativeGeneration {
  readonly id: string;
  readonly status: string;
  /** null unless it succeeded. */
  readonly output: { readonly assets: readonly { readonly url: string }[] } | null;
}

const WAIT_SECONDS = 60;

/** A scene in the native dialect: one call that asks to wait (`Prefer: wait`, RFC 7240), then a download. */
export function nativeScene({ title, file, model, input }: Order): Scene {
  return {
    title,
    file,
    dialect: 'native',
    mount: '/v1',
    model,
    async make(access, report) {
      report('processing');
      const headers = { prefer: `wait=${WAIT_SECONDS}` };
      const { id, status, output } = await callJson<NativeGeneration>(
        access,
        '/generations',
        { model, input },
        headers,
      );
      const [asset] = output?.assets ?? [];
      if (asset === undefined) throw new SceneError(`${id} is ${status}`, id);
      report('downloading');
      return { generationId: id, bytes: await download(access, asset.url) };
    },
  };
}
