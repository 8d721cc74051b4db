import { callJson, download } from './call.ts';
import { type Order, type Scene, SceneError } from './scene.ts';

/** The members of a prediction that the demo reads (contracts/skytells.md, section 5). */
interface Prediction {
  readonly id: string;
  readonly status: string;
  readonly output: readonly string[] | null;
}

/** A scene in the Skytells dialect: one call that waits for the image (`await`), then a download from its link. */
export function skytellsScene({ title, file, model, input }: Order): Scene {
  return {
    title,
    file,
    dialect: 'skytells',
    model,
    async make(access, report) {
      report('processing');
      const { id, status, output } = await callJson<Prediction>(access, '/v1/predictions', {
        model,
        input,
        await: true,
      });
      const [url] = output ?? [];
      if (url === undefined) throw new SceneError(`${id} is ${status}`, id);
      report('downloading');
      return { generationId: id, bytes: await download(access, url) };
    },
  };
}
