import { describe, expect, it } from 'vitest';
import { modelInput } from '../upstream/model-input.ts';
import { filesOf } from './replies.ts';
import { createRequest, placeOf, usualInputs } from './requests.ts';

describe('an order', () => {
  it('goes to the model, path and all, and is given up when nobody waits any more', () => {
    expect(createRequest('fal-ai/flux/dev', { prompt: 'a mug' }, 61_200)).toEqual({
      method: 'POST',
      path: '/fal-ai/flux/dev',
      headers: { 'x-fal-request-timeout': '62' },
      json: { prompt: 'a mug' },
    });
  });

  it.each(['flux', '../admin', 'fal-ai//flux', 'fal-ai/fl ux', 'fal-ai/flux?x=1'])(
    'goes to no model called %s',
    (model) => {
      expect(() => createRequest(model, {})).toThrow(
        expect.objectContaining({ code: 'model_misconfigured' }),
      );
    },
  );

  it('says what is wanted in the usual words', () => {
    const image = {
      kind: 'image',
      prompt: 'a mug',
      width: 64,
      height: 32,
      count: 2,
      format: 'jpeg',
      seed: 7,
    } as const;
    expect(modelInput(usualInputs.image, image, new Map())).toEqual({
      prompt: 'a mug',
      image_size: { width: 64, height: 32 },
      num_images: 2,
      seed: 7,
      output_format: 'jpeg',
    });
    const film = {
      kind: 'video',
      prompt: 'sea',
      width: 1280,
      height: 720,
      seconds: 5,
      sound: true,
      seed: 7,
    } as const;
    expect(modelInput(usualInputs.video, film, new Map())).toEqual({
      prompt: 'sea',
      duration: '5',
      aspect_ratio: '16:9',
      resolution: '720p',
      generate_audio: true,
      seed: 7,
    });
  });
});

describe('where a request is asked after', () => {
  const base = 'https://queue.fal.run';

  it('is told with it', () => {
    const told = { request_id: 'r1', response_url: `${base}/fal-ai/flux/requests/r1` };
    expect(placeOf('fal-ai/flux/dev', told, base)).toBe('fal-ai/flux/requests/r1');
  });

  it('is nowhere else, whatever is told', () => {
    for (const response_url of ['https://evil.test/x', `${base}.evil.test/x`, `${base}/a?b`, null])
      expect(placeOf('fal-ai/flux/dev', { request_id: 'r/1', response_url }, base)).toBe(
        'fal-ai/flux/requests/r%2F1',
      );
    expect(placeOf('workflows/me/mine/run', { request_id: 'r1' }, base)).toBe(
      'workflows/me/mine/requests/r1',
    );
  });
});

describe('a result', () => {
  const image = (name: string) => ({ url: `https://fal.media/${name}`, content_type: 'image/png' });

  it('is its files, whatever they are called', () => {
    expect(filesOf({ images: [image('a'), image('b')], prompt: 'https://x.test/' }).links).toHaveLength(2);
    expect(filesOf({ video: image('v') }).links).toHaveLength(1);
    expect(filesOf({ audio: { url: 'https://fal.media/s.mp3' } }).links).toHaveLength(1);
    expect(filesOf({ text: 'no file' }).links).toEqual([]);
  });

  it('is not the pictures that were blackened', () => {
    const flagged = filesOf({ images: [image('a'), image('b')], has_nsfw_concepts: [true, false] });
    expect(flagged.links.map(({ url }) => url)).toEqual(['https://fal.media/b']);
    expect(filesOf({ images: [image('a')], has_nsfw_concepts: [true] })).toEqual({
      links: [],
      withheld: true,
    });
  });
});
