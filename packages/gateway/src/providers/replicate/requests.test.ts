import { describe, expect, it } from 'vitest';
import type { Json } from '../../domain/json.ts';
import { modelInput } from '../upstream/model-input.ts';
import { linksIn } from '../upstream/result-links.ts';
import { percentIn, readPrediction } from './replies.ts';
import { cancelRequest, createRequest, getRequest, uploadRequest, usualInputs } from './requests.ts';
import { reply, succeeded } from './testing/replies.ts';

const input = { prompt: 'a mug' };

describe('an order', () => {
  it('goes to a model, a version of it, or a deployment', () => {
    expect(createRequest('acme/painter', input)).toEqual({
      method: 'POST',
      path: '/models/acme/painter/predictions',
      headers: {},
      json: { input },
    });
    expect(createRequest('acme/painter:5c7d', input)).toMatchObject({
      path: '/predictions',
      json: { version: '5c7d', input },
    });
    expect(createRequest('deployments/acme/fast', input)).toMatchObject({
      path: '/deployments/acme/fast/predictions',
    });
  });

  it('is given up there when nobody waits any more', () => {
    expect(createRequest('a/b', input, 61_200).headers).toEqual({ 'cancel-after': '62s' });
    expect(createRequest('a/b', input, -20).headers).toEqual({ 'cancel-after': '5s' });
  });

  it.each(['painter', 'a/b/c', 'a/../x', '/a/b', 'a/b:c:d', 'deployments/a/b:c', 'a/b?x'])(
    'is refused for %s, which names no model',
    (model) => {
      expect(() => createRequest(model, input)).toThrow(
        expect.objectContaining({ code: 'model_misconfigured' }),
      );
    },
  );

  it('holds what most models call their inputs', () => {
    const common = { prompt: 'a mug', seed: 7, width: 1280, height: 720 };
    const image = { kind: 'image', count: 2, format: 'jpeg', ...common } as const;
    expect(modelInput(usualInputs.image, image, new Map())).toEqual({
      prompt: 'a mug',
      width: 1280,
      height: 720,
      num_outputs: 2,
      seed: 7,
      output_format: 'jpg',
    });
    const source = { role: 'first_frame', url: 'https://a.test/1.png' } as const;
    const video = { kind: 'video', seconds: 5, sound: false, sources: [source], ...common } as const;
    expect(modelInput(usualInputs.video, video, new Map([[source, 'data:x']]))).toEqual({
      prompt: 'a mug',
      image: 'data:x',
      duration: 5,
      aspect_ratio: '16:9',
      resolution: '720p',
      seed: 7,
    });
    const speech = { kind: 'speech', text: 'Hi', format: 'mp3', seed: 1 } as const;
    expect(modelInput(usualInputs.speech, speech, new Map())).toEqual({ text: 'Hi' });
  });
});

it('asks, cancels and uploads', () => {
  expect(getRequest('p/1').path).toBe('/predictions/p%2F1');
  expect(cancelRequest('p1')).toEqual({ method: 'POST', path: '/predictions/p1/cancel' });
  expect(uploadRequest(Buffer.from('GIF89a'))).toMatchObject({
    path: '/files',
    form: [{ name: 'content', value: { contentType: 'image/gif', fileName: 'source.gif' } }],
  });
});

describe('a reply', () => {
  it.each(succeeded)('with %s', (_, output, links) => {
    const read = readPrediction(reply({ status: 'succeeded', output }));
    expect(linksIn(read.output as Json, true).map(({ url }) => url)).toEqual(links);
  });

  it('tells how far it is in its logs', () => {
    expect(
      percentIn('Using seed: 3\n  0%|      | 0/28\n 46%|####6     | 13/28 [00:01<00:01,  9.8it/s]'),
    ).toBe(46);
    expect(percentIn('100% sure')).toBeUndefined();
    expect(percentIn(null)).toBeUndefined();
  });
});
