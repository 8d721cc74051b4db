import type { Mutation } from './draft.ts';
import { NAMES, STRINGS } from './nasty.ts';

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
    // Lone surrogates cannot be encoded.
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
