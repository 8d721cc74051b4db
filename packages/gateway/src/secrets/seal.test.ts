import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer } from './seal.ts';

const sealer = createSealer('a secret that is long enough');

describe('createSealer', () => {
  it('opens what it sealed, also after a restart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (plain, context) => {
        const again = createSealer('a secret that is long enough');
        return again.open(sealer.seal(plain, context), context) === plain;
      }),
    );
  });

  it('never seals twice alike and shows nothing of the plain text', () => {
    expect(sealer.seal('whsec_x', 'c')).not.toBe(sealer.seal('whsec_x', 'c'));
    expect(sealer.seal('whsec_x', 'c')).toMatch(/^gs1\.[\w-]+$/);
  });

  it('opens only under the same context and secret', () => {
    const sealed = sealer.seal('whsec_x', 'endpoint:1');
    expect(() => sealer.open(sealed, 'endpoint:2')).toThrow('cannot be opened');
    expect(() => sealer.open(sealed, '')).toThrow('cannot be opened');
    expect(() => createSealer('another secret, long enough').open(sealed, 'endpoint:1')).toThrow(
      'cannot be opened',
    );
  });

  it('notices every changed character', () => {
    const sealed = sealer.seal('whsec_x', 'c');
    for (let index = 0; index < sealed.length; index++) {
      const other = sealed[index] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
      expect(() => sealer.open(changed, 'c')).toThrow('cannot be opened');
    }
  });

  it.each(['', 'gs1', 'gs1.', 'gs1.AAAA', 'gs2.AAAA', 'gs1.AAAA.AAAA', 'plain'])('refuses %j', (text) => {
    expect(() => sealer.open(text, 'c')).toThrow('cannot be opened');
  });

  it('refuses a cut, lengthened or respelt text', () => {
    const sealed = sealer.seal('whsec_x', 'c');
    for (const changed of [sealed.slice(0, -4), `${sealed}AAAA`, `${sealed}=`, `${sealed} `, `${sealed}.`])
      expect(() => sealer.open(changed, 'c')).toThrow('cannot be opened');
  });

  it('refuses an empty secret', () => {
    expect(() => createSealer('')).toThrow(RangeError);
  });
});
