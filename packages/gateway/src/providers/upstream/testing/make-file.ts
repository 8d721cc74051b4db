import { renderImage } from '../../sandbox/media/image.ts';
import { renderVideo } from '../../sandbox/media/video.ts';
import { renderSpeech } from '../../sandbox/speech/speech.ts';

export interface FileOrder {
  readonly kind: 'image' | 'video' | 'speech';
  readonly text: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly seconds?: number | undefined;
  readonly format?: string | undefined;
}

export interface MadeFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly extension: string;
}

/** A small but real file, as a model would make it. */
export async function makeFile({
  kind,
  text,
  width = 64,
  height = 64,
  seconds: durationSeconds = 1,
  format,
}: FileOrder): Promise<MadeFile> {
  const scene = { prompt: text, seed: 1, width, height };
  switch (kind) {
    case 'image': {
      const type = format === 'jpg' || format === 'jpeg' ? 'jpeg' : format === 'webp' ? 'webp' : 'png';
      const { bytes, contentType } = await renderImage({ kind, ...scene, format: type, sources: [] });
      return { bytes, contentType, extension: type };
    }
    case 'video': {
      const { bytes, contentType } = await renderVideo({
        kind,
        ...scene,
        durationSeconds,
        fps: 2,
        sound: false,
      });
      return { bytes, contentType, extension: 'mp4' };
    }
    case 'speech': {
      const { bytes, contentType } = await renderSpeech({
        kind,
        text,
        format: format === 'wav' ? 'wav' : 'mp3',
      });
      return { bytes, contentType, extension: format === 'wav' ? 'wav' : 'mp3' };
    }
  }
}
