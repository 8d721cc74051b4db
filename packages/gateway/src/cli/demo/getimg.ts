import { callJson, download } from './call.ts';
import { type Order, type Scene, SceneError } from './scene.ts';

/** The members of an image answer that the demo reads (contracts/getimg.md). */
interface GetimgImage {
  readonly id: string;
  readonly data: readonly { readonly url: string }[];
}

/** A scene in the getimg dialect: one call, which is answered when the image is ready, then a download from its signed link. */
export function getimgScene({ title, file, model, input }: Order): Scene {
  return {
    title,
    file,
    dialect: 'getimg',
    model,
    async make(access, report) {
      report('processing');
      const { id, data } = await callJson<GetimgImage>(access, '/v2/images/generations', { model, ...input });
      const [image] = data;
      if (image === undefined) throw new SceneError(`${id} has no image`, id);
      report('downloading');
      return { generationId: id, bytes: await download(access, image.url) };
    },
  };
}
