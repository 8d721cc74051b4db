import { gzipSync } from 'node:zlib';
import type { Dice } from './dice.ts';
import { type Draft, utf8 } from './draft.ts';
import { NAMES, ODD_DIRECTIVES, STRINGS } from './nasty.ts';

/** Changes one thing of a draft. */
export type Mutation = (dice: Dice, draft: Draft) => void;

const SEGMENTS: readonly string[] = [
  '',
  '.',
  '..',
  '%2e%2e',
  '..%2f..%2fetc%2fpasswd',
  '..%5c..%5c',
  '%00',
  'a%00b',
  '%',
  '%zz',
  '%c0%af',
  '%ff',
  '%ed%a0%80',
  '%F0%9F%98%80',
  '%e2%80%ae',
  '%0d%0aX-Injected:%20yes',
  '%20',
  '__proto__',
  'constructor',
  'toString',
  '*',
  ':id',
  '{id}',
  '%7Bid%7D',
  'null',
  'undefined',
  '0',
  '-1',
  '9007199254740993',
  "'%20OR%201=1--",
  'a'.repeat(1_000),
  'a'.repeat(9_000),
  'x%2Fy',
  ';a=b',
  '%252e%252e%252f',
  '\xff\xfe',
];

export const mutatePath: Mutation = (dice, draft) => {
  const parts = draft.path.split('/');
  const at = dice.whole(Math.min(1, parts.length - 1), parts.length - 1);
  draft.path = dice.weighted<() => string>([
    [8, () => parts.with(at, dice.one(SEGMENTS)).join('/')],
    [3, () => [...parts.slice(0, at), dice.one(SEGMENTS), ...parts.slice(at)].join('/')],
    [2, () => `${draft.path}/`],
    [1, () => `${draft.path}//`],
    [1, () => `/${draft.path}`],
    [1, () => draft.path.replaceAll('/', '//')],
    [1, () => `${draft.path}/${dice.one(SEGMENTS)}`],
    [1, () => parts.slice(0, -1).join('/')],
    [1, () => draft.path.toUpperCase()],
    [1, () => `${parts.slice(0, 2).join('/')}/..${draft.path}`],
    [1, () => `${draft.path}${'/a'.repeat(500)}`],
    [1, () => `${draft.path}.json`],
    [1, () => `${draft.path}%3fx=1`],
    [0.5, () => draft.path.slice(1)],
    [0.5, () => `http://elsewhere.test${draft.path}`],
    [0.5, () => `${draft.path}#fragment`],
  ])();
};

export const mutateQuery: Mutation = (dice, draft) => {
  const names = draft.operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const name = dice.chance(0.8) && names.length > 0 ? dice.one(names) : dice.one(NAMES);
  const encoded = (text: string): string => {
    // Half a surrogate pair has no encoding.
    return encodeURIComponent(text.toWellFormed()).slice(0, 5_000);
  };
  const value = dice.one(STRINGS);
  const more = dice.weighted<() => string>([
    [8, () => `${encoded(name)}=${encoded(value)}`],
    [2, () => `${encoded(name)}=1&${encoded(name)}=2`],
    [1, () => `${encoded(name)}[]=1&${encoded(name)}[a][b]=2`],
    [1, () => encoded(name)],
    [1, () => '&&&=&='],
    [1, () => `${encoded(name)}=%zz%`],
    [1, () => `${encoded(name)}=%ff%fe%00`],
    [1, () => Array.from({ length: 600 }, (_, n) => `k${n}=${n}`).join('&')],
    [1, () => `${encoded(name)}=${'a'.repeat(9_000)}`],
    [1, () => '?'],
    [1, () => `${encoded(name)}=-9999999999999999999`],
    [1, () => `${encoded(name)}=eyJhIjoxfQ`],
    [1, () => '__proto__[x]=1&constructor[prototype][x]=1'],
  ])();
  draft.query += `${draft.query === '' ? '?' : '&'}${more}`;
};

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

export const mutateMethod: Mutation = (dice, draft) => {
  draft.method = dice.one([
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'OPTIONS',
    'TRACE',
    'PROPFIND',
    'MKCOL',
    'REPORT',
    'SEARCH',
    'PURGE',
    'LOCK',
    'M-SEARCH',
    'QUERY',
    'get',
    'FUZZ',
  ]);
};

/** The bytes of a body, broken in ways that no value of JSON is. */
export const mutateBytes: Mutation = (dice, draft) => {
  const body = draft.body ?? Buffer.from('{}');
  const text = body.toString('utf8');
  const setType = (type: string): void => {
    draft.headers = [
      ...draft.headers.filter(([name]) => !/^content-type$/i.test(name)),
      ['Content-Type', type],
    ];
  };
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  draft.body = dice.weighted<() => Buffer | undefined>([
    [2, () => undefined],
    [2, () => Buffer.alloc(0)],
    [2, () => body.subarray(0, dice.whole(0, body.length))],
    [2, () => flipped(body, dice.whole(0, Math.max(0, body.length - 1)))],
    [1, () => Buffer.concat([Buffer.from('\ufeff'), body])],
    [1, () => utf16],
    [1, () => Buffer.concat([body, Buffer.from(dice.one(['}', ']', ' x', '\0', '{}', ',']))])],
    [1, () => Buffer.from(text.replace('{', '{,'))],
    [1, () => Buffer.from(text.replaceAll('"', "'"))],
    [1, () => Buffer.from(`// comment\n${text}`)],
    [1, () => Buffer.from(text.replace(/\}$/, ',}'))],
    [1, () => Buffer.from(text.replace(':', `:\xff`), 'latin1')],
    [1, () => Buffer.from(`[${text}]`)],
    [1, () => Buffer.from(JSON.stringify(text))],
    [
      1,
      () =>
        Buffer.from(
          dice.one(['null', 'true', '1', '""', '[]', '{}', '"x"', '{', '[', '"', 'nul', '\0', '{"a"}']),
        ),
    ],
    [1, () => gzipSync(body)],
    [1, () => Buffer.from(`${' '.repeat(100_000)}${text}`)],
    [0.5, () => Buffer.alloc(300_000, ' ')],
    [0.5, () => Buffer.from(`"${'x'.repeat(400_000)}"`)],
    [
      1,
      () => {
        setType('application/x-www-form-urlencoded');
        return Buffer.from('prompt=x&model=__proto__&a[b]=c');
      },
    ],
  ])();
};

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ 0x80;
  return copy;
}

/** How it is sent: in chunks, slowly, or only its beginning. */
export const mutateManner: Mutation = (dice, draft) => {
  if (draft.body !== undefined && dice.chance(0.6)) draft.chunked = true;
  else
    draft.manner = dice.weighted([
      [3, 'slow' as const],
      [2, 'cut' as const],
    ]);
};
