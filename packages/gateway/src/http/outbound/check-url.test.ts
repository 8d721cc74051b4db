import { describe, expect, it } from 'vitest';
import { outbound } from './testing.ts';

describe('check', () => {
  const strict = () => outbound({ allowLoopback: false });

  it.each([
    ['nonsense', 'not_a_url'],
    ['', 'not_a_url'],
    ['//example.com/', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['https://[fe80::1%25eth0]/', 'not_a_url'],
    ['https://256.1.1.1/', 'not_a_url'],
    ['ftp://example.com/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['data:text/plain,hi', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['http://example.com/', 'scheme'],
    ['http://8.8.8.8/', 'scheme'],
    ['https://user@example.com/', 'credentials'],
    ['https://:secret@example.com/', 'credentials'],
    ['https://localhost/', 'address'],
    ['https://LOCALHOST./', 'address'],
    ['https://x.localhost/', 'address'],
    ['https://127.0.0.1/', 'address'],
    ['https://127.0.0.1./', 'address'],
    ['https://127.1/', 'address'],
    ['https://2130706433/', 'address'],
    ['https://0x7f000001/', 'address'],
    ['https://0x7f.0.0.1/', 'address'],
    ['https://017700000001/', 'address'],
    ['https://0177.0.0.1/', 'address'],
    ['https://%31%32%37.0.0.1/', 'address'],
    ['https://①②⑦.0.0.1/', 'address'],
    ['https://0/', 'address'],
    ['https://169.254.169.254/latest/meta-data/', 'address'],
    ['https://10.0.0.1:8443/', 'address'],
    ['https://[::1]/', 'address'],
    ['https://[::]/', 'address'],
    ['https://[::127.0.0.1]/', 'address'],
    ['https://[::ffff:127.0.0.1]/', 'address'],
    ['https://[::ffff:a9fe:a9fe]/', 'address'],
    ['https://[64:ff9b::10.0.0.1]/', 'address'],
    ['https://[2002:7f00:1::]/', 'address'],
    ['https://[fe80::1]/', 'address'],
    ['https://[fd00::1]/', 'address'],
  ])('refuses %s: %s', (url, reason) => expect(strict().check(url)).toBe(reason));

  it.each([
    'https://example.com/a?b#c',
    'https://example.com:8443/',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
  ])('has no objection to %s', (url) => expect(strict().check(url)).toBeUndefined());

  it('knows what is allowed besides', () => {
    const emulator = outbound();
    expect(emulator.check('http://localhost:3000/hook')).toBeUndefined();
    expect(emulator.check('http://[::1]:3000/hook')).toBeUndefined();
    expect(emulator.check('https://127.0.0.1/hook')).toBeUndefined();
    expect(emulator.check('http://example.com/')).toBe('scheme');
    expect(emulator.check('http://10.0.0.1/')).toBe('address');

    const inside = outbound({ allow: ['10.0.0.0/8'], allowLoopback: false });
    expect(inside.check('http://10.0.0.1/')).toBeUndefined();
    expect(inside.check('http://files.internal/')).toBeUndefined();
    expect(inside.check('http://127.0.0.1/')).toBe('address');
  });
});
