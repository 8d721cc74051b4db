import { describe, expect, it } from 'vitest';
import { createAddressRules } from './address-rules.ts';

const strict = createAddressRules({ allow: [], allowLoopback: false });

describe('createAddressRules', () => {
  it.each(['8.8.8.8', '1.1.1.1', '192.167.255.255', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'lets https through to %s, and not http',
    (address) => {
      expect(strict.allows(address, 'https:')).toBe(true);
      expect(strict.allows(address, 'http:')).toBe(false);
      expect(strict.allows(address, 'ftp:')).toBe(false);
    },
  );

  it.each([
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254'],
    ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1'],
    ...['192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1'],
    ...['239.255.255.255', '240.0.0.1', '255.255.255.255', '168.63.129.16'],
    ...['::', '::1', '::7f00:1', '::8.8.8.8', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe'],
    ...['::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '100::1'],
    ...[
      '2001::1',
      '2001:2::1',
      '2001:10::1',
      '2001:20::1',
      '2001:db8::1',
      '2002:7f00:1::',
      '2002:a9fe:a9fe::',
    ],
    ...['3fff::1', '4000::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1'],
    ...['ff02::1', '', 'localhost', '134744072', '0x08080808', '010.010.010.010', '8.8'],
  ])('refuses %j', (address) => {
    expect(strict.allows(address, 'https:')).toBe(false);
    expect(strict.allows(address, 'http:')).toBe(false);
  });

  it('opens what the operator allows, and nothing beside it', () => {
    const rules = createAddressRules({ allow: ['10.1.0.0/16', 'fd00:1::/32'], allowLoopback: false });
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd00:1::5']) {
      expect(rules.allows(address, 'http:')).toBe(true);
      expect(rules.allows(address, 'https:')).toBe(true);
    }
    for (const address of ['10.2.0.1', 'fd00:2::1', '127.0.0.1', '169.254.169.254'])
      expect(rules.allows(address, 'https:')).toBe(false);
  });

  it('opens loopback alone to the emulator', () => {
    const rules = createAddressRules({ allow: [], allowLoopback: true });
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      expect(rules.allows(address, 'http:')).toBe(true);
    for (const address of ['10.0.0.1', '0.0.0.0', '::', '169.254.169.254', '8.8.8.8'])
      expect(rules.allows(address, 'http:')).toBe(false);
  });

  it('refuses a block that is nonsense', () => {
    expect(() => createAddressRules({ allow: ['10.0.0.0/99'], allowLoopback: false })).toThrow(RangeError);
  });
});
