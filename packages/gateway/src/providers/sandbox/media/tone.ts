import { random } from './random.ts';

export const SAMPLE_RATE = 48_000;

type Chord = readonly number[];

/** Semitones above the root. Only consonant chords, so that any seed sounds calm. */
const CHORDS: readonly [Chord, ...Chord[]] = [
  [0, 7, 12, 16],
  [0, 7, 12, 15],
  [0, 5, 12, 17],
  [0, 7, 14, 16],
];

/** A quiet, slowly swelling chord as interleaved stereo. It fades in and out, so that clips join without a click. */
export function ambientTone(prompt: string, seed: number, frames: number): Float32Array<ArrayBuffer> {
  const r = random(`tone ${prompt}`, seed);
  const root = 110 * 2 ** (Math.floor(r.between(0, 12)) / 12);
  const voices = r.pick(CHORDS).map((semitones, i) => ({
    // The frequencies differ slightly between left and right, which gives a slow, wide beat.
    left: root * 2 ** (semitones / 12),
    right: root * 2 ** (semitones / 12) * 1.0018,
    gain: 0.075 / (1 + i * 0.45),
    breath: r.between(0.08, 0.22),
    phase: r.between(0, 2 * Math.PI),
  }));
  const out = new Float32Array(frames * 2);
  const fade = Math.min(SAMPLE_RATE * 0.6, frames / 3);
  for (let i = 0; i < frames; i++) {
    const t = i / SAMPLE_RATE;
    const level = Math.min(1, i / fade, (frames - i) / fade);
    let left = 0;
    let right = 0;
    for (const voice of voices) {
      const gain = voice.gain * (0.7 + 0.3 * Math.sin(2 * Math.PI * voice.breath * t + voice.phase));
      left += gain * Math.sin(2 * Math.PI * voice.left * t);
      right += gain * Math.sin(2 * Math.PI * voice.right * t);
    }
    out[2 * i] = left * level;
    out[2 * i + 1] = right * level;
  }
  return out;
}
