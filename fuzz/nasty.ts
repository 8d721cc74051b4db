/** Text that is inserted into JSON unchanged, whether valid or not. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An object whose members are written in this order, possibly with repeated names. */
export class Members {
  readonly list: readonly (readonly [string, unknown])[];
  constructor(list: readonly (readonly [string, unknown])[]) {
    this.list = list;
  }
}

const deep = (open: string, close: string, times: number): Raw =>
  new Raw(open.repeat(times) + close.repeat(times));

export const NUMBERS: readonly unknown[] = [
  0,
  -1,
  1,
  -0.5,
  0.1,
  2 ** 31,
  2 ** 31 - 1,
  -(2 ** 31) - 1,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  2 ** 63,
  1e21,
  1e308,
  5e-324,
  ...[
    '-0',
    '1.0',
    '1e0',
    '1E400',
    '-1e999',
    '123456789012345678901234567890',
    '0.1e-400',
    '3.0000000000000001',
  ].map((text) => new Raw(text)),
  ...['NaN', 'Infinity', '-Infinity', '01', '+1', '.5', '0x10', '1_000', 'undefined'].map(
    (text) => new Raw(text),
  ),
];

/** Names with a special meaning in JavaScript. */
export const NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'then',
  'toJSON',
  'length',
  '$ref',
  '',
  ' ',
  '0',
  '-1',
  'a.b[c]',
  '\u202eemos',
  '\ud83e\udd92',
  'x'.repeat(300),
];

/** Includes `\u` escapes for what UTF-8 cannot express: lone surrogates. */
export const STRINGS: readonly string[] = [
  '',
  ' ',
  '\t\n\r',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfffy',
  '\ufeffbom',
  '\ufffd\uffff\ufffe',
  '\u202e\u2066right to left\u2069',
  'e\u0301'.repeat(200),
  'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334'.repeat(40),
  '\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67\u200d\ud83d\udc66'.repeat(30),
  '\u200b\u200c\u200d\u2060',
  'null',
  'undefined',
  'true',
  '0',
  '-1',
  'NaN',
  '1e309',
  '0x10',
  '9007199254740993',
  '__proto__',
  'constructor',
  "' OR '1'='1",
  "'; DROP TABLE generations; --",
  '%00',
  '%s%s%n%x',
  '{{7*7}}#{7*7}<%= 7*7 %>',
  '<script>alert(1)</script>',
  '<svg/onload=alert(1)>&lt;&#0;',
  ']]><!--',
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  'x\r\nX-Injected: yes',
  'x\nSet-Cookie: injected=1',
  '%0d%0aX-Injected:%20yes',
  '2026-02-30',
  '0000-00-00',
  '9999-12-31T23:59:60Z',
  '-271822-04-20',
  '1e5x1e5',
  '0x0',
  '99999999999x99999999999',
  '1:0',
  'a'.repeat(256),
  'a'.repeat(4_001),
  'a'.repeat(70_000),
  '\u20ac'.repeat(5_000),
  '(a+)+$'.repeat(50),
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
  '[['.repeat(500),
  '[[sandbox',
  ' '.repeat(10_000),
];

/** Every kind of sandbox directive but a sensible one. */
export const ODD_DIRECTIVES: readonly string[] = [
  'error=',
  'error=nope',
  'error=__proto__',
  'times=-1 error=upstream_failed',
  'times=999999999999',
  'delay=-1s',
  'delay=1e9s',
  'delay=NaN',
  'pace=1ms clip=0.001',
  'clip=1e3',
  'clip=-5',
  'result=constructor',
  'drop=before_accept',
  'at=',
  '=',
  '==;;==,,',
  'error=upstream_failed;at=admit;times=0',
  'error=upstream_failed error=content_rejected at=run at=admit',
  'result=oversize at=admit',
  'result=garbage at=admit',
  'result=empty clip=1',
  'x'.repeat(600),
  '\u{1f600}=1',
];

/** Values that are cheap to send and costly to walk. */
export const HUGE: readonly (() => unknown)[] = [
  () => Array.from({ length: 5_000 }, () => 1),
  () => Array.from({ length: 2_000 }, () => 'x'),
  () => Array.from({ length: 1_500 }, () => ({})),
  () => Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`k${n}`, n])),
  () => Array.from({ length: 1_000 }, () => null),
  () => deep('[', ']', 70),
  () => deep('{"a":', '}', 100),
  () => deep('[', ']', 20_000),
  () => new Raw(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
  () => new Members(Array.from({ length: 1_000 }, () => ['same', 1] as const)),
];
