import { chooseVoice } from './choose-voice.ts';
import { runEngine } from './engine.ts';
import { plainText } from './plain-text.ts';
import { VOICES } from './voices.ts';

export interface SpeechOptions {
  /** A tag from `voices()`, optionally with a variant (`en-gb+f3`), or any name: an unknown name selects a variant of its own. */
  voice?: string;
  /** A BCP 47 tag or an English language name. Default: derived from the script of the text, else English. */
  language?: string;
  /** 1 is normal (175 words per minute). eSpeak speaks 80 to 450 words per minute; other values are limited to that range. */
  rate?: number;
  /** 1 is normal, 0 the lowest, 2 the highest. */
  pitch?: number;
}

export interface Speech {
  /** Mono PCM. */
  samples: Int16Array<ArrayBuffer>;
  sampleRate: number;
}

/** About 50 minutes of speech, which fits well into the engine's fixed 32 MB of memory and into ours. */
export const MAX_CHARACTERS = 40_000;

const SAMPLE_RATE = 22_050;
const SILENCE_SECONDS = 0.2;
const WAV_HEADER_BYTES = 44; // eSpeak writes the plain form: RIFF, fmt, data

/** Speaks `text`. The same text and options always give the same samples. Throws a RangeError above `MAX_CHARACTERS`. */
export async function synthesize(text: string, options: SpeechOptions = {}): Promise<Speech> {
  const spoken = speakable(text);
  if (spoken === '')
    return { samples: new Int16Array(SAMPLE_RATE * SILENCE_SECONDS), sampleRate: SAMPLE_RATE };
  const wordsPerMinute = Math.round(clamp(175 * finite(options.rate, 1), 80, 450));
  const pitch = Math.round(clamp(50 * finite(options.pitch, 1), 0, 99));
  const voice = chooseVoice(spoken, options.voice, options.language);
  const run = await runEngine(
    ['-v', voice, '-s', `${wordsPerMinute}`, '-p', `${pitch}`, '-w', '/speech.wav'],
    spoken,
  );
  const wav = run.read('/speech.wav');
  const length = Math.max(0, Math.floor((wav.byteLength - WAV_HEADER_BYTES) / 2));
  return {
    samples: new Int16Array(wav.buffer, wav.byteOffset + WAV_HEADER_BYTES, length),
    sampleRate: SAMPLE_RATE,
  };
}

/** The pronunciation that `synthesize` would use, in the International Phonetic Alphabet. */
export async function phonemes(
  text: string,
  options: Pick<SpeechOptions, 'voice' | 'language'> = {},
): Promise<string> {
  const spoken = speakable(text);
  if (spoken === '') return '';
  const run = await runEngine(
    ['-q', '--ipa', '-v', chooseVoice(spoken, options.voice, options.language)],
    spoken,
  );
  return run.lines.join('\n').trim();
}

/** The tags of eSpeak's voices. */
export function voices(): string[] {
  return VOICES.map(([tag]) => tag);
}

function speakable(text: string): string {
  if (text.length > MAX_CHARACTERS) {
    throw new RangeError(
      `a text to speak has at most ${MAX_CHARACTERS} characters, this one has ${text.length}`,
    );
  }
  return plainText(text);
}

function finite(value: number | undefined, otherwise: number): number {
  return value !== undefined && Number.isFinite(value) ? value : otherwise;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
