import { getimgScene } from './getimg.ts';
import { kiaraScene } from './kiara.ts';
import { llmtuneChat } from './llmtune.ts';
import { nativeScene } from './native.ts';
import type { Scene } from './scene.ts';
import { skillsVideoSpeech } from './skills-video.ts';
import { skytellsScene } from './skytells.ts';

/** What the demo makes, each in a different dialect. To add one, add an entry. */
export const scenes: readonly Scene[] = [
  getimgScene({
    title: 'image',
    file: 'castle.jpg',
    model: 'seedream-5-lite',
    input: { prompt: 'A castle by the sea at sunset', aspect_ratio: '16:9', resolution: '1K' },
  }),
  kiaraScene({
    title: 'video',
    file: 'balloon.mp4',
    model: 'kiara-dream-fast',
    input: {
      prompt: 'A red balloon over green hills in the morning',
      duration_seconds: 3,
      generate_audio: true,
      seed: 7,
    },
  }),
  skillsVideoSpeech({
    title: 'speech',
    file: 'voice.mp3',
    model: 'minimax-tts/speech-02-hd',
    input: { text: 'Genlock keeps every source in step. One call, one charge, and nothing is lost.' },
  }),
  llmtuneChat({
    title: 'text',
    file: 'answer.txt',
    model: 'meta-llama/Llama-3.3-70B-Instruct',
    input: {
      messages: [{ role: 'user', content: 'What happens in a studio at sunset?' }],
      max_tokens: 80,
      seed: 7,
    },
  }),
  skytellsScene({
    title: 'poster',
    file: 'mug.png',
    model: 'truefusion',
    input: { prompt: 'A red mug on oak', width: 768, height: 1024, seed: 7 },
  }),
  nativeScene({
    title: 'cover',
    file: 'hills.jpg',
    model: 'genlock/image',
    input: { prompt: 'Blue hills under a yellow moon', seed: 7 },
  }),
];
