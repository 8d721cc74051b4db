import { expect, test } from 'vitest';
import { wavFile } from './wav.ts';

test('the header says what follows', () => {
  const file = wavFile(Int16Array.of(0, 1, -1, 32_767, -32_768), 22_050);
  const view = new DataView(file.buffer);
  const name = (offset: number) => Buffer.from(file.subarray(offset, offset + 4)).toString('latin1');
  expect([name(0), name(8), name(12), name(36)]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data']);
  expect(view.getUint32(4, true)).toBe(file.length - 8);
  expect([view.getUint16(20, true), view.getUint16(22, true)]).toEqual([1, 1]);
  expect([view.getUint32(24, true), view.getUint32(28, true)]).toEqual([22_050, 44_100]);
  expect([view.getUint16(32, true), view.getUint16(34, true)]).toEqual([2, 16]);
  expect(view.getUint32(40, true)).toBe(file.length - 44);
  expect([...file.subarray(44)]).toEqual([0, 0, 1, 0, 255, 255, 255, 127, 0, 128]);
});

test('no samples make an empty but valid file', () => {
  expect(wavFile(new Int16Array(0), 8_000)).toHaveLength(44);
});
