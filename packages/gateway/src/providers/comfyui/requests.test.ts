import { describe, expect, it } from 'vitest';
import type { ImageRequest, SourceMedia, VideoRequest } from '../../domain/request.ts';
import { orderRequest, promptFor, promptIdOf, uploadRequest } from './requests.ts';
import type { Node, Workflow } from './workflow.ts';

const node = (inputs: Node['inputs']): Node => ({ class_type: 'X', inputs });
const image: ImageRequest = {
  kind: 'image',
  seed: 7,
  prompt: 'a mug',
  width: 64,
  height: 32,
  count: 2,
  format: 'png',
};
const film: VideoRequest = {
  kind: 'video',
  seed: 7,
  prompt: 'sea',
  width: 64,
  height: 32,
  seconds: 5,
  sound: false,
};
const fill = (workflow: Workflow, request: ImageRequest | VideoRequest) =>
  promptFor(workflow, request, new Map());

describe('a prompt', () => {
  it('is the workflow with its places filled, and its links as they were', () => {
    const nodes = {
      '3': {
        ...node({ model: ['4', 0], steps: 20, seed: '%seed%', n: '%count%' }),
        _meta: { title: '%prompt%' },
      },
      '4': node({}),
      '5': node({ text: 'photo of %prompt%, 50% grey', size: ['%width%', '%height%'] }),
    };
    expect(fill({ nodes }, image)).toEqual({
      '3': { ...node({ model: ['4', 0], steps: 20, seed: 7, n: 2 }), _meta: { title: '%prompt%' } },
      '4': node({}),
      '5': node({ text: 'photo of a mug, 50% grey', size: [64, 32] }),
    });
  });

  it('holds what callers write as it is, places too', () => {
    const nodes = { '1': node({ text: '%prompt%' }) };
    expect(fill({ nodes }, { ...image, prompt: '%seed% "}' })).toEqual({ '1': node({ text: '%seed% "}' }) });
  });

  it('keeps a node whose inputs have no value', () => {
    expect(fill({ nodes: { '1': node({ image: '%source%' }) } }, image)).toEqual({ '1': node({}) });
  });

  it('counts frames by the rate of the workflow, where callers name none', () => {
    const nodes = { '1': node({ length: '%frames%', fps: '%fps%' }) };
    expect(fill({ nodes, fps: 16 }, film)).toEqual({ '1': node({ length: 80, fps: 16 }) });
    expect(fill({ nodes, fps: 16 }, { ...film, fps: 8 })).toEqual({ '1': node({ length: 40, fps: 8 }) });
    expect(fill({ nodes, fps: 16, seconds: [4, 8] }, film)).toEqual({ '1': node({ length: 128, fps: 16 }) });
  });

  it('names sources as the server does', () => {
    const source: SourceMedia = { role: 'first_frame', url: 'https://x.test/a.png' };
    const nodes = { '1': node({ image: '%source|example.png%' }) };
    const names = new Map([[source, 'genlock-1.png']]);
    expect(promptFor({ nodes }, { ...film, sources: [source] }, names)).toEqual({
      '1': node({ image: 'genlock-1.png' }),
    });
    expect(fill({ nodes }, film)).toEqual({ '1': node({ image: 'example.png' }) });
  });
});

describe('an order', () => {
  it('goes under an id of ours', () => {
    const prompt = { '1': node({}) };
    expect(orderRequest(prompt, 'id')).toEqual({
      method: 'POST',
      path: '/prompt',
      json: { prompt, prompt_id: 'id', client_id: 'genlock' },
    });
  });

  it('has what the operator adds to it, and not what a server does not take', () => {
    const more = { prompt_id: null, extra_data: { api_key_comfy_org: 'k' } };
    expect(orderRequest({}, 'id', more).json).toEqual({
      prompt: {},
      client_id: 'genlock',
      extra_data: { api_key_comfy_org: 'k' },
    });
  });

  it('has the same id for the same key alone', () => {
    expect(promptIdOf('gen_1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(promptIdOf('gen_1')).toBe(promptIdOf('gen_1'));
    expect(promptIdOf('gen_1-2')).not.toBe(promptIdOf('gen_1'));
  });
});

it('a source is called by what is in it', () => {
  const name = (bytes: Uint8Array) => uploadRequest(bytes).form?.find((part) => part.name === 'image')?.value;
  const png = Buffer.from('\x89PNG\r\n', 'latin1');
  expect(name(png)).toEqual({
    bytes: png,
    contentType: 'image/png',
    fileName: expect.stringMatching(/^genlock-[0-9a-f]{32}\.png$/),
  });
  expect(name(png)).toEqual(name(Buffer.from(png)));
  expect(name(Buffer.from('RIFF1234WAVE'))).toMatchObject({ fileName: expect.stringMatching(/\.wav$/) });
});
