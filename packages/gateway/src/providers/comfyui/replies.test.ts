import { describe, expect, it } from 'vitest';
import type { ImageRequest } from '../../domain/request.ts';
import { makeFile } from '../upstream/testing/make-file.ts';
import { withoutTexts } from './png-text.ts';
import { endOf, failureIn, filesOf, holds } from './replies.ts';

const file = (filename: string, type = 'output', subfolder = '') => ({ filename, subfolder, type });
const png: ImageRequest = { kind: 'image', seed: 7, prompt: 'a mug', count: 1, format: 'png' };
const BASE = 'http://comfy.test/api/';
const named = (outputs: object, request: ImageRequest = png) =>
  filesOf({ outputs }, request, BASE).map(({ url }) => new URL(url).searchParams.get('filename'));

describe('what was made', () => {
  it('is in every list of every node', () => {
    const outputs = {
      '9': { images: [file('a.png'), file('b.png')], animated: [false] },
      '12': { gifs: [{ ...file('c.mp4'), format: 'video/h264-mp4', frame_rate: 16 }] },
      '13': { audio: [file('d.flac')], text: ['a mug'], result: [['x', null]] },
    };
    expect(named(outputs)).toEqual(['a.png', 'b.png', 'c.mp4', 'd.flac']);
    expect(filesOf({ outputs }, png, BASE).map(({ contentType }) => contentType)).toEqual([
      'image/png',
      'image/png',
      'video/mp4',
      'audio/flac',
    ]);
  });

  it('is a preview only where nothing was saved', () => {
    const preview = { '1': { images: [file('p.png', 'temp')] } };
    expect(named(preview)).toEqual(['p.png']);
    expect(named({ ...preview, '2': { images: [file('s.png')] } })).toEqual(['s.png']);
  });

  it('is asked for by the server’s own names', () => {
    const [link] = filesOf({ outputs: { '1': { images: [file('a b&c.png', 'output', 'x/y')] } } }, png, BASE);
    expect(link?.url).toBe('http://comfy.test/api/view?filename=a+b%26c.png&subfolder=x%2Fy&type=output');
  });

  it.each([
    ['png', 'a.png', null],
    ['webp', 'a.png', 'webp;95'],
    ['webp', 'a.webp', null],
    ['jpeg', 'a.PNG', 'jpeg;95'],
    ['jpeg', 'a.jpg', null],
    ['jpeg', 'a.mp4', null],
  ] as const)('is asked for in the format that was ordered: %s of %s', (format, name, preview) => {
    const [link] = filesOf({ outputs: { '1': { images: [file(name)] } } }, { ...png, format }, BASE);
    expect(new URL(link?.url ?? '').searchParams.get('preview')).toBe(preview);
  });

  it.each([undefined, {}, { outputs: null }, { outputs: { '1': null, '2': { images: 'a.png' } } }])(
    'is nothing: %j',
    (entry) => {
      expect(filesOf(entry, png, BASE)).toEqual([]);
    },
  );
});

describe('a prompt in the history', () => {
  it.each([
    [{ status_str: 'success', completed: true, messages: [] }, 'done'],
    [{ status_str: 'error', completed: false, messages: [] }, 'failed'],
    [{ status_str: 'error', completed: true }, 'failed'],
    [{ status_str: 'saving', completed: false }, undefined],
    [{}, undefined],
    [null, 'done'],
    [undefined, 'done'],
  ])('has ended or not: %j', (status, end) => {
    expect(endOf({ outputs: {}, status })).toBe(end);
  });

  it('tells its failure, whatever it tells besides', () => {
    const error = {
      node_type: 'KSampler',
      exception_type: 'ValueError',
      exception_message: 'no',
      traceback: ['x'],
    };
    const messages = [['execution_start', {}], ['execution_error', error], null, 'x'];
    expect(failureIn({ status: { messages } })).toEqual({
      error: { type: 'ValueError', message: 'no' },
      node: 'KSampler',
    });
    expect(failureIn({ status: { messages: [['execution_interrupted', {}]] } }).error.type).toBe(
      'execution_interrupted',
    );
    expect(failureIn(null)).toEqual({ error: { type: 'no message', message: 'no message' }, node: '' });
  });
});

it('the queue tells whom it has', () => {
  const list = [[3, 'id-1', {}], null, { id: 'id-2' }];
  expect([holds(list, 'id-1'), holds(list, 'id-2'), holds([], 'id-1')]).toEqual([true, false, false]);
});

describe('a picture', () => {
  /** A chunk whose checksum is not checked. */
  const chunk = (name: string, data: string) => {
    const bytes = Buffer.alloc(12 + data.length);
    bytes.writeUInt32BE(data.length);
    bytes.write(name + data, 4, 'latin1');
    return bytes;
  };

  it('is delivered without the workflow in it', async () => {
    const { bytes } = await makeFile({ kind: 'image', text: 'a mug', format: 'png' });
    const head = bytes.subarray(0, 33);
    const texts = [chunk('tEXt', 'prompt\0{}'), chunk('iTXt', 'workflow\0{}'), chunk('zTXt', 'x\0\0y')];
    const told = Buffer.concat([head, ...texts, bytes.subarray(33)]);
    expect(Buffer.from(withoutTexts(told)).equals(bytes)).toBe(true);
    expect(Buffer.from(withoutTexts(bytes)).equals(bytes)).toBe(true);
  });

  it('stays as it is where it is broken, or no PNG', async () => {
    const { bytes } = await makeFile({ kind: 'image', text: 'a mug', format: 'png' });
    for (const one of [bytes.subarray(0, -1), bytes.subarray(0, 12), Buffer.from('GIF89a'), Buffer.alloc(0)])
      expect(withoutTexts(one)).toBe(one);
  });
});
