import { describe, expect, it } from 'vitest';
import { readBatchResult } from './batch-result.ts';

const read = (value: unknown) => readBatchResult(new TextEncoder().encode(JSON.stringify(value)));

describe('readBatchResult', () => {
  it('reads items that were answered and items that failed', () => {
    const items = [
      { id: 'a', text: 'x', inputTokens: 1, outputTokens: 2, finishReason: 'stop' },
      { id: 'b', error: 'It failed.' },
    ];
    expect(read({ items })).toEqual({ items });
    expect(read({ items: [] })).toEqual({ items: [] });
  });

  it.each([
    null,
    7,
    [],
    {},
    { items: {} },
    { items: [null] },
    { items: [{ id: 1, error: 'x' }] },
    { items: [{ id: 'a', text: 'x', inputTokens: -1, outputTokens: 0 }] },
    { items: [{ id: 'a', text: 'x', inputTokens: 1.5, outputTokens: 0 }] },
  ])('refuses %j', (value) => expect(read(value)).toBeUndefined());

  it('refuses what is no JSON or no UTF-8', () => {
    expect(readBatchResult(new TextEncoder().encode('{"items":'))).toBeUndefined();
    expect(readBatchResult(new Uint8Array([0x7b, 0xff, 0x7d]))).toBeUndefined();
  });
});
