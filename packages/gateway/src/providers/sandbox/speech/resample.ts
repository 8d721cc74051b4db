/** Resamples mono PCM by linear interpolation: good enough for a voice, and the same on every machine. The duration stays the same. */
export function resample(
  samples: Int16Array<ArrayBuffer>,
  from: number,
  to: number,
): Int16Array<ArrayBuffer> {
  if (from === to) return samples;
  const length = Math.round((samples.length * to) / from);
  const resampled = new Int16Array(length);
  for (let index = 0; index < length; index += 1) {
    const place = (index * from) / to;
    const before = Math.floor(place);
    const low = samples[before] ?? 0;
    const high = samples[before + 1] ?? low;
    resampled[index] = Math.round(low + (high - low) * (place - before));
  }
  return resampled;
}
