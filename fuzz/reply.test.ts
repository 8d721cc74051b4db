import { describe, expect, it } from 'vitest';
import { ReplyReader } from './reply.ts';

function read(text: string, { bodyless = false, ended = false } = {}) {
  const reader = new ReplyReader();
  // In pieces, as from a network.
  for (let at = 0; at < text.length; at += 7) reader.push(Buffer.from(text.slice(at, at + 7), 'latin1'));
  const reply = reader.take(bodyless, ended);
  return (
    reply && { status: reply.status, body: reply.body.toString(), faults: reply.faults, rest: reader.rest }
  );
}

describe('an answer', () => {
  it.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', {}, [200, 'hi', 0]],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
      {},
      [200, 'hi', 0],
    ],
    ['to a HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', { bodyless: true }, [200, '', 0]],
    [
      'after an interim one',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
      {},
      [204, '', 0],
    ],
    ['before another', 'HTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', {}, [304, '', 19]],
  ] as const)('is read %s', (_what, text, options, [status, body, rest]) => {
    expect(read(text, options)).toEqual({ status, body, faults: [], rest });
  });

  it('is waited for while it is not whole', () => {
    for (const text of [
      'HTTP/1.1 200',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi',
      'HTTP/1.1 200 OK\r\n\r\nhi',
    ])
      expect(read(text)).toBeUndefined();
  });

  it.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a chunk that is none: x', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n'],
    ['a header that is none: a b', 'HTTP/1.1 200 OK\r\na b\r\nContent-Length: 0\r\n\r\n'],
    ['a status line that is none: hello', 'hello\r\nContent-Length: 0\r\n\r\n'],
    ['an answer that was cut off', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi'],
    ['an answer without a length', 'HTTP/1.1 200 OK\r\n\r\nhi'],
  ])('tells of %s', (fault, text) => {
    expect(read(text, { ended: true })?.faults).toEqual([fault]);
  });
});
