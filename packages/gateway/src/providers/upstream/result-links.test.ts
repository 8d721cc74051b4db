import { describe, expect, it } from 'vitest';
import type { ImageRequest, SpeechRequest, VideoRequest } from '../../domain/request.ts';
import { linksIn, orderedOf } from './result-links.ts';

const A = 'https://files.test/a.png';
const B = 'https://files.test/b.mp4?x=1';
const DATA = 'data:image/png;base64,aGk=';
const urls = (output: Parameters<typeof linksIn>[0], bare = true) =>
  linksIn(output, bare).map(({ url }) => url);

describe('the links in an output', () => {
  it.each([
    ['one text', A, [A]],
    ['a list', [A, B, A], [A, B]],
    ['an object', { video: B, preview: { frames: [A] } }, [B, A]],
    ['files that tell their type', [{ url: A, content_type: 'image/png' }], [A]],
    ['data', [DATA], [DATA]],
    ['no link', ['a boat', 'see https://a.test/ there', 'file:///etc/passwd', 'ftp://a.test/x', 7, null], []],
    ['nothing', null, []],
  ])('of %s', (_, output, found) => {
    expect(urls(output)).toEqual(found);
  });

  it('are files only, where texts may be anything', () => {
    expect(urls({ prompt: A, images: [{ url: B }], seed: 4 }, false)).toEqual([B]);
  });
});

describe('the files that were ordered', () => {
  const image = { kind: 'image', count: 2 } as ImageRequest;
  const video = { kind: 'video' } as VideoRequest;
  const speech = { kind: 'speech' } as SpeechRequest;
  const link = (url: string, contentType = '') => ({ url, contentType });
  const ordered = (links: ReturnType<typeof link>[], request: ImageRequest | VideoRequest | SpeechRequest) =>
    orderedOf(links, request).map(({ url }) => url);

  it('are those of their kind, and no more than were ordered', () => {
    expect(ordered([link(A), link(B)], video)).toEqual([B]);
    expect(ordered([link(A), link(B), link(`${A}x`, 'image/webp'), link(DATA)], image)).toEqual([A, `${A}x`]);
    expect(ordered([link('https://a.test/x'), link('https://a.test/y')], video)).toEqual([
      'https://a.test/x',
    ]);
    expect(ordered([link('https://a.test/1'), link('https://a.test/2.wav')], speech)).toEqual([
      'https://a.test/2.wav',
    ]);
  });

  it('are looked at, where all say that they are something else', () => {
    expect(ordered([link(A)], video)).toEqual([A]);
  });
});
