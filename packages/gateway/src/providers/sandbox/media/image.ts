import type { Sharp } from 'sharp';
import { editSources } from './edit.ts';
import type { ImageJob, MediaResult } from './jobs.ts';
import { sharp } from './pixels.ts';
import { scene } from './scene.ts';

/** @throws SourceMediaError if a source cannot be decoded */
export async function renderImage(job: ImageJob): Promise<MediaResult> {
  const { width, height, format } = job;
  const view = scene(job.prompt, job.seed, width, height);
  const picture =
    job.sources.length > 0
      ? await editSources(job.sources, view, job.seed, width, height)
      : sharp(Buffer.from(view.picture)).flatten();
  const bytes = await encode(picture, format).toBuffer();
  return { bytes, contentType: `image/${format}`, width, height };
}

/** Every setting is written out, so that a new default of sharp cannot change the bytes unnoticed. */
function encode(picture: Sharp, format: ImageJob['format']): Sharp {
  switch (format) {
    case 'jpeg':
      return picture.jpeg({ quality: 88, chromaSubsampling: '4:2:0', mozjpeg: false, progressive: false });
    case 'png':
      return picture.png({ compressionLevel: 6, adaptiveFiltering: false, palette: false });
    case 'webp':
      return picture.webp({ quality: 84, effort: 2, lossless: false });
  }
}
