import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress, holderOf, matchesAddressList, parseAddressList } from './client-address.ts';

describe('parseAddressList', () => {
  it.each([
    ...['', ' ', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/8/8', '10.0.0.0/-1', '10.1'],
    ...['167772160', '0x0a000001', '010.0.0.1', 'localhost', '*', 'fe80::1%eth0', '10.0.0.1 ', '1.2.3.4:80'],
  ])('refuses %j', (entry) => {
    expect(() => parseAddressList(['192.0.2.1', entry])).toThrow(RangeError);
  });
});

describe('matchesAddressList', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.8', '203.0.113.7', false],
    ['10.255.0.1', '10.0.0.0/8', true],
    ['11.0.0.0', '10.0.0.0/8', false],
    ['10.9.9.9', '10.1.2.3/8', true],
    ['::ffff:10.0.0.1', '10.0.0.0/8', true],
    ['10.0.0.1', '::ffff:10.0.0.0/104', true],
    ['10.0.0.1', '::ffff:10.0.0.1', true],
    ['2001:DB8::1', '2001:db8:0::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['fe80::1%eth0', 'fe80::/10', true],
    ['10.0.0.1', '::/0', false],
    ['8.8.8.8', '0.0.0.0/0', true],
    ['nonsense', '0.0.0.0/0', false],
    ['134744072', '0.0.0.0/0', false],
  ])('%s in %s: %s', (address, entry, expected) => {
    expect(matchesAddressList(address, parseAddressList([entry]))).toBe(expected);
  });

  it('looks at every entry, and an empty list has none', () => {
    expect(matchesAddressList('::1', parseAddressList(['10.0.0.0/8', '::1']))).toBe(true);
    expect(matchesAddressList('10.0.0.1', [])).toBe(false);
  });

  it('agrees with arithmetic on IPv4 blocks', () => {
    const word = fc.nat(0xffff_ffff);
    const dotted = (value: number) =>
      [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
    fc.assert(
      fc.property(word, word, fc.nat(32), (address, block, length) => {
        const cut = (value: number) => Math.floor(value / 2 ** (32 - length));
        const list = parseAddressList([`${dotted(block)}/${length}`]);
        return matchesAddressList(dotted(address), list) === (cut(address) === cut(block));
      }),
    );
  });
});

describe('clientAddress', () => {
  const proxies = parseAddressList(['10.0.0.0/8', '::1']);
  const of = (peer: string, forwardedFor?: string) => clientAddress({ peer, forwardedFor }, proxies);

  it('is the peer where that is no trusted proxy, whatever it claims', () => {
    expect(of('198.51.100.9', '1.1.1.1')).toBe('198.51.100.9');
    expect(clientAddress({ peer: '10.0.0.1', forwardedFor: '1.1.1.1' }, [])).toBe('10.0.0.1');
  });

  it('is the right-most hop that is not trusted', () => {
    expect(of('10.0.0.1', '6.6.6.6, 203.0.113.5, 10.0.0.2')).toBe('203.0.113.5');
    expect(of('::1', '203.0.113.5')).toBe('203.0.113.5');
    expect(of('::ffff:10.0.0.1', '::ffff:203.0.113.5')).toBe('203.0.113.5');
  });

  it('reads hops with ports', () => {
    expect(of('10.0.0.1', '203.0.113.5:4711')).toBe('203.0.113.5');
    expect(of('10.0.0.1', '[2001:db8::1]:4711, 10.0.0.2:80')).toBe('2001:db8::1');
  });

  it('stops at a hop that is no address, and at the end', () => {
    expect(of('10.0.0.1', '203.0.113.5, unknown, 10.0.0.2')).toBe('10.0.0.2');
    expect(of('10.0.0.1', '10.0.0.3, 10.0.0.2')).toBe('10.0.0.3');
    expect(of('10.0.0.1')).toBe('10.0.0.1');
    expect(of('10.0.0.1', '')).toBe('10.0.0.1');
  });
});

describe('holderOf', () => {
  it('counts the addresses of one IPv6 network together, and no others', () => {
    const all = ['2001:db8:0:7::1', '2001:db8::7:ffff:0:0:2', '2001:DB8:0:7:8000::'].map(holderOf);
    expect(new Set(all)).toEqual(new Set(['2001:db8:0:7::/64']));
    expect(holderOf('2001:db8:0:8::1')).toBe('2001:db8:0:8::/64');
  });

  it.each(['203.0.113.7', '::ffff:203.0.113.7', 'unknown', ''])('leaves %j for itself', (address) => {
    expect(holderOf(address)).toBe(address);
  });
});
