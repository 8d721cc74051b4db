import { crc32, deflateSync } from 'node:zlib';
import type { Dice } from './dice.ts';
import { STRINGS } from './nasty.ts';

/** A grey PNG with the size in its header, which its pixel data need not match. */
function png(width: number, height: number, pixels: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const framed = Buffer.alloc(8);
    framed.writeUInt32BE(data.length, 0);
    framed.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([framed.subarray(0, 4), named, framed.subarray(4)]);
  };
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export const PIXEL = png(1, 1, Buffer.from([0, 127]));
export const PICTURE = png(64, 64, Buffer.alloc(64 * 65, 0));

/** A PNG that claims to be 60,000 pixels wide and high. */
export const BOMB = png(60_000, 60_000, Buffer.alloc(100_000));

export interface Form {
  readonly type: string;
  readonly body: Buffer;
}

/** A file that may be truncated or of another type. */
export function fileBytes(dice: Dice): Buffer {
  return dice.weighted<() => Buffer>([
    [3, () => PIXEL],
    [4, () => PICTURE],
    [1, () => Buffer.alloc(0)],
    [1, () => PIXEL.subarray(0, dice.whole(1, PIXEL.length - 1))],
    [1, () => flipped(PIXEL, dice.whole(0, PIXEL.length - 1))],
    [1, () => BOMB],
    [
      1,
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    ],
    [1, () => Buffer.from('GIF89a\x01\x00')],
    [0.2, () => Buffer.from('RIFF\xff\xff\xff\xffWAVEfmt ', 'latin1')],
    [0.2, () => Buffer.from('\x00\x00\x00\x18ftypmp42', 'latin1')],
    [1, () => Buffer.from('<!doctype html><script>alert(1)</script>')],
    [0.3, () => Buffer.alloc(2_000_000, 1)],
  ])();
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

/** A multipart body with these fields and a file, usually with something wrong. */
export function multipart(dice: Dice, fields: readonly (readonly [string, string])[]): Form {
  const boundary = dice.weighted([
    [6, 'fuzz'],
    [1, 'a'.repeat(70)],
    [0.5, ''],
    [0.5, '"'],
    [0.5, 'b'.repeat(3_000)],
  ]);
  const part = (headers: string, body: Buffer | string): Buffer =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\n${headers}\r\n\r\n`),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ]);
  const field = ([name, value]: readonly [string, string]): Buffer =>
    part(`Content-Disposition: form-data; name="${name.replaceAll(/["\r\n]/g, '')}"`, value);
  const file = (name = 'file', filename = 'a.png', type = 'image/png'): Buffer =>
    part(
      `Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${type}`,
      fileBytes(dice),
    );
  const own = fields.map(field);
  const end = Buffer.from(`--${boundary}--\r\n`);
  const parts = dice.weighted<() => readonly Buffer[]>([
    [8, () => [...own, file(), end]],
    [2, () => [...own, end]],
    [1, () => [file(), file(), file(), end]],
    [1, () => [file('wrong'), ...own, end]],
    [1, () => [...own, file('file', '../../../../etc/passwd'), end]],
    [1, () => [...own, file('file', 'x'.repeat(5_000)), end]],
    [1, () => [...own, file('__proto__', 'constructor', 'text/html'), end]],
    [1, () => [...own, file('file', 'a.png', 'x'.repeat(300)), end]],
    [1, () => [...own, file()]],
    [1, () => [...own, file().subarray(0, 90)]],
    [1, () => [Buffer.from('before the first boundary'), ...own, file(), end]],
    [1, () => [...Array.from({ length: 60 }, (_, n) => field([`f${n}`, dice.one(STRINGS)])), file(), end]],
    [1, () => [...own, part('Content-Disposition: nonsense', 'x'), file(), end]],
    [1, () => [...own, part('X: y', 'x'), end]],
    [
      1,
      () => [
        ...own,
        part('Content-Disposition: form-data; name="prompt"\r\nContent-Transfer-Encoding: base64', '!!!'),
        end,
      ],
    ],
    [0.5, () => []],
    [0.5, () => [end]],
    [0.5, () => [...own, field(['big', 'x'.repeat(300_000)]), end]],
  ])();
  return {
    type: dice.weighted([
      [12, `multipart/form-data; boundary=${boundary}`],
      [1, `multipart/form-data; boundary="${boundary}"`],
      [1, 'multipart/form-data'],
      [1, 'multipart/form-data; boundary=other'],
      [0.5, `multipart/mixed; boundary=${boundary}`],
      [0.5, `MULTIPART/FORM-DATA; charset=utf-16; boundary=${boundary}`],
    ]),
    body: Buffer.concat(parts),
  };
}
