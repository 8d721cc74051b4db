import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signPath, verifyPath } from './signed-url.ts';

const secret = Buffer.from('0123456789abcdef0123456789abcdef');
const path = 'req-01HXYZ/0';
const exp = '1760000000';
const sig = signPath(secret, path, 1_760_000_000);

describe('signed paths', () => {
  it('sign id, index and expiry', () => {
    expect(sig).toBe(createHmac('sha256', secret).update('req-01HXYZ/0/1760000000').digest('hex'));
  });

  it('hold until they expire', () => {
    expect(verifyPath(secret, path, { exp, sig }, 1_759_999_999)).toBe('valid');
    expect(verifyPath(secret, path, { exp, sig }, 1_760_000_000)).toBe('expired');
  });

  it.each([
    ['another file', 'req-01HXYZ/1', exp, sig],
    ['a later expiry', path, '1760000001', sig],
    ['another spelling of the expiry', path, '01760000000', sig],
    ['an exponent', path, '176e7', sig],
    ['no expiry', path, undefined, sig],
    ['a repeated expiry', path, [exp, exp], sig],
    ['no signature', path, exp, undefined],
    ['an empty signature', path, exp, ''],
    ['upper case', path, exp, sig.toUpperCase()],
    ['a cut signature', path, exp, sig.slice(0, 62)],
    ['a longer signature', path, exp, `${sig}00`],
    ['a changed signature', path, exp, sig.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))],
  ])('refuse %s', (_, of, expiry, signature) => {
    expect(verifyPath(secret, of, { exp: expiry, sig: signature }, 0)).toBe('invalid');
  });

  it('refuse another secret', () => {
    expect(verifyPath(Buffer.from('other'), path, { exp, sig }, 0)).toBe('invalid');
  });
});
