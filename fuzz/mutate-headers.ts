import { type Draft, type Mutation, utf8 } from './draft.ts';
import { ODD_DIRECTIVES } from './nasty.ts';

const CONTENT_TYPES: readonly string[] = [
  'text/plain',
  'application/xml',
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/problem+json',
  'APPLICATION/JSON',
  'application/json;;;',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'image/png',
  'image/svg+xml',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'application/json, application/json',
  '*/*',
  '/',
  '',
  'x'.repeat(2_000),
  'application/__proto__',
  'application/json; boundary="a',
];

const IDEMPOTENCY_KEYS: readonly string[] = [
  '',
  ' ',
  'k',
  'a'.repeat(255),
  'a'.repeat(256),
  'a'.repeat(5_000),
  '"quoted"',
  utf8('\u{1f512}'),
  '\xff',
  '__proto__',
  '\t',
  'a,b',
  "'; --",
  'the-same-for-all',
];

const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['Content-Type', CONTENT_TYPES],
  ['Content-Encoding', ['gzip', 'br', 'deflate', 'identity', 'x', 'gzip, gzip']],
  ['Idempotency-Key', IDEMPOTENCY_KEYS],
  ['Genlock-Sandbox', ODD_DIRECTIVES.map(utf8)],
  [
    'Range',
    [
      'bytes=0-',
      'bytes=-1',
      'bytes=5-2',
      'bytes=0-0,2-3',
      'bytes=99999999999999999999-',
      'bytes=-0',
      'bytes=a-b',
      'items=0-1',
      'bytes=',
      `bytes=${'0-1,'.repeat(500)}`,
      'bytes=0-18446744073709551615',
    ],
  ],
  ['If-None-Match', ['*', '"x"', 'W/"x"', '""', 'x'.repeat(4_000), '"', '\xff']],
  ['If-Match', ['*', '"x"']],
  ['If-Range', ['"x"', 'Wed, 21 Oct 2015 07:28:00 GMT', 'x']],
  ['If-Modified-Since', ['Wed, 21 Oct 2099 07:28:00 GMT', 'x', '-1']],
  [
    'Origin',
    [
      'null',
      'https://evil.test',
      'https://evil.test, https://other.test',
      '\xff',
      'file://',
      'x'.repeat(3_000),
      '',
    ],
  ],
  [
    'Host',
    ['', 'evil.test', 'evil.test:99999', 'a b', '[::1', '\xff', 'x'.repeat(3_000), 'kiara.example.com'],
  ],
  ['X-Forwarded-Host', ['evil.test']],
  ['X-Forwarded-Proto', ['javascript']],
  [
    'X-Forwarded-For',
    [
      '',
      'x',
      '::1, 127.0.0.1',
      '1.2.3.4:99',
      '[::1]:80',
      ','.repeat(3_000),
      '999.1.1.1',
      '\xff',
      'unknown',
      '__proto__',
    ],
  ],
  ['Forwarded', ['for=127.0.0.1;host=evil.test']],
  ['X-Real-Ip', ['127.0.0.1']],
  ['X-Original-Url', ['/admin/v1/accounts']],
  ['X-Rewrite-Url', ['/admin/v1/accounts']],
  ['X-Http-Method-Override', ['DELETE', 'PATCH']],
  ['X-Request-Id', ['', 'x'.repeat(5_000), '\xff\xfe', '{"a":1}', '\t']],
  [
    'Traceparent',
    ['00-0-0-0', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x', '\xff', 'ff-'.repeat(800)],
  ],
  ['Tracestate', ['=,=,=', 'a='.repeat(500)]],
  ['Baggage', ['__proto__=1']],
  ['Accept', ['text/html', 'x', '', 'application/json;q=NaN', 'text/event-stream', 'a/b,'.repeat(800)]],
  ['Accept-Encoding', ['gzip, br', '*;q=0', 'x']],
  ['Accept-Language', ['x'.repeat(3_000), '\xff']],
  ['Cookie', ['a=b; __proto__=c', 'x'.repeat(3_000)]],
  [
    'Prefer',
    [
      'wait=0',
      'wait=-1',
      'wait=1e9',
      'wait=NaN',
      'respond-async, wait=1',
      'wait="1"',
      'wait=;;=',
      'x'.repeat(2_000),
      '\xff',
    ],
  ],
  ['Last-Event-ID', ['', '-1', '99999999999999999999', 'x', '\xff', '__proto__', '1e309', 'a'.repeat(3_000)]],
  ['Expect', ['100-continue', 'x']],
  ['TE', ['trailers, chunked']],
  ['Upgrade', ['websocket', 'h2c']],
  ['Connection', ['close', 'keep-alive, x', 'upgrade', 'content-length', 'authorization']],
  ['Proxy-Connection', ['keep-alive']],
  ['Transfer-Encoding', ['chunked', 'gzip, chunked', 'identity', 'x', 'chunked, chunked', ' chunked']],
  ['Content-Length', ['0', '1', '-1', '+5', '1e3', '99999999999999999999', 'x', '5, 5', '0x10', '']],
  ['User-Agent', ['', 'x'.repeat(4_000), '\xff']],
  ['Access-Control-Request-Method', ['POST', 'x']],
  ['Access-Control-Request-Headers', ['authorization, x-injected', '*', '\xff']],
  ['__proto__', ['x']],
  ['constructor', ['x']],
  ['X-Long', ['x'.repeat(14_000), 'x'.repeat(20_000)]],
  ['X-Control', ['\x01\x02', '\x7f', '\x1b[31m']],
];

export const mutateHeaders: Mutation = (dice, draft) => {
  const { headers } = draft;
  const [name, values] = dice.one(HEADERS);
  const others = headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase());
  draft.headers = dice.weighted<() => Draft['headers']>([
    [10, () => [...others, [name, dice.one(values)]]],
    [2, () => [...headers, [name, dice.one(values)], [name, dice.one(values)]]],
    [1, () => headers.filter(([one]) => !/^content-type$/i.test(one))],
    [1, () => headers.map(([one, value]) => [one.toUpperCase(), value])],
    [1, () => [...headers, ...many(150)]],
    [0.3, () => [...headers, ...many(2_100)]],
  ])();
};

function many(times: number): (readonly [string, string])[] {
  return Array.from({ length: times }, (_, n) => [`X-${n}`, 'x']);
}
