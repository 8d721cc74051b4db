import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanTraceparent, formatTraceparent, parseTraceparent } from './traceparent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  it('is read', () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, flags: 1 });
  });

  it('of a later version is read as far as ours goes, and handed on as ours', () => {
    expect(cleanTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-holds`)).toBe(`00-${TRACE}-${SPAN}-01`);
    expect(cleanTraceparent(`cc-${TRACE}-${SPAN}-01`)).toBe(`00-${TRACE}-${SPAN}-01`);
  });

  it.each([
    undefined,
    '',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}-01-`,
    `cc-${TRACE}-${SPAN}-01.more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    ` 00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01\r\nx-api-key: stolen`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
    `cc-${TRACE}-${SPAN}-01-${'x'.repeat(500)}`,
  ])('is nothing when it is %j', (header) => {
    expect(cleanTraceparent(header)).toBeUndefined();
  });

  it('takes nothing else, and gives back what it takes', () => {
    const hex = (length: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
    fc.assert(
      fc.property(hex(32), hex(16), fc.nat(255), (traceId, spanId, flags) => {
        const text = formatTraceparent({ traceId, spanId, flags });
        const zero = /^0+$/.test(traceId) || /^0+$/.test(spanId);
        expect(parseTraceparent(text)).toEqual(zero ? undefined : { traceId, spanId, flags });
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseTraceparent(text)).toBeUndefined();
      }),
    );
  });
});
