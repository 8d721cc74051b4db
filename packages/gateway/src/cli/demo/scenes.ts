import { kiaraScene } from './kiara.ts';
import type { Scene } from './scene.ts';

/** What the demo makes. Another dialect or another kind of media is one more entry. */
export const scenes: readonly Scene[] = [
  kiaraScene({
    title: 'image',
    file: 'castle.jpg',
    product: 'kiara-image-pro',
    input: { prompt: 'A castle by the sea at sunset', aspect: 'landscape', seed: 7 },
  }),
  kiaraScene({
    title: 'video',
    file: 'balloon.mp4',
    product: 'kiara-dream-fast',
    input: {
      prompt: 'A red balloon over green hills in the morning',
      duration_seconds: 3,
      generate_audio: true,
      seed: 7,
    },
  }),
];
