import { gzipSync } from 'node:zlib';
import type { Mutation } from './draft.ts';

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

/** Breaks the bytes of a body in ways in which no JSON value can be wrong. */
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

/** Changes how it is sent: in chunks, slowly, or only its beginning. */
export const mutateManner: Mutation = (dice, draft) => {
  if (draft.body !== undefined && dice.chance(0.6)) draft.chunked = true;
  else
    draft.manner = dice.weighted([
      [3, 'slow' as const],
      [2, 'cut' as const],
    ]);
};
