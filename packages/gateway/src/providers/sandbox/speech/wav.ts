const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;

/** Mono PCM as a WAV file: RIFF, a `fmt ` chunk of 16 bytes, a `data` chunk, 16 bits little-endian. */
export function wavFile(samples: Int16Array, sampleRate: number): Uint8Array<ArrayBuffer> {
  const dataBytes = samples.length * BYTES_PER_SAMPLE;
  const file = new Uint8Array(HEADER_BYTES + dataBytes);
  const view = new DataView(file.buffer);
  const name = (offset: number, fourCc: string) =>
    new TextEncoder().encodeInto(fourCc, file.subarray(offset));
  name(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  name(8, 'WAVE');
  name(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // one channel
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * BYTES_PER_SAMPLE, true);
  view.setUint16(32, BYTES_PER_SAMPLE, true);
  view.setUint16(34, 8 * BYTES_PER_SAMPLE, true);
  name(36, 'data');
  view.setUint32(40, dataBytes, true);
  for (let index = 0; index < samples.length; index++) {
    view.setInt16(HEADER_BYTES + index * BYTES_PER_SAMPLE, samples[index] ?? 0, true);
  }
  return file;
}
