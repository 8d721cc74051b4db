import { describe, expect, it } from 'vitest';
import type { ImageRequest, SourceMedia, VideoRequest } from '../../domain/request.ts';
import type { ProviderCall } from '../port.ts';
import { checkInputs, inputFor, templateFor, type UsualInputs } from './model-input.ts';
import { valuesOf } from './request-values.ts';
import { callFor } from './testing/call.ts';

const image: ImageRequest = {
  kind: 'image',
  prompt: 'a mug',
  seed: 7,
  width: 832,
  height: 1216,
  count: 2,
  format: 'jpeg',
};
const video: VideoRequest = {
  kind: 'video',
  prompt: 'a boat',
  seed: 7,
  width: 1280,
  height: 720,
  seconds: 6,
  sound: true,
};
const usual: UsualInputs = {
  image: { prompt: '%prompt%', image: '%source%', n: '%count%' },
  video: { prompt: '%prompt%', duration: '%seconds%', start: '%first_frame%', end: '%last_frame%' },
  speech: { text: '%prompt%' },
};
const source = (role: SourceMedia['role']): SourceMedia => ({ role, url: `https://a.test/${role}` });

const forRequest = (request: ProviderCall['request'], model = 'm') =>
  callFor(model, { request, fetchSource: async (url) => Buffer.from(url) });
const link = async (bytes: Uint8Array) => `link to ${Buffer.from(bytes).toString()}`;

describe('the values of a request', () => {
  it('are those of a picture', () => {
    expect(valuesOf(image)).toEqual({
      prompt: 'a mug',
      negative_prompt: undefined,
      seed: 7,
      width: 832,
      height: 1216,
      size: '832x1216',
      aspect_ratio: '2:3',
      resolution: '832p',
      count: 2,
      format: 'jpeg',
      extension: 'jpg',
    });
  });

  it('are those of a clip, as long as the model takes', () => {
    expect(valuesOf({ ...video, fps: 24 })).toMatchObject({
      seconds: 6,
      frames: 144,
      aspect_ratio: '16:9',
      count: 1,
    });
    expect(valuesOf(video, { seconds: [10, 5] })).toMatchObject({ seconds: 10, frames: undefined });
    expect(valuesOf({ ...video, seconds: 12 }, { seconds: [5, 10] })).toMatchObject({ seconds: 10 });
  });

  it('are those of speech', () => {
    const { text, ...rest } = {
      kind: 'speech',
      text: 'Hello',
      format: 'mp3',
      voice: 'Ann',
      seed: 1,
    } as const;
    expect(valuesOf({ text, ...rest })).toMatchObject({ prompt: text, voice: 'Ann', format: 'mp3' });
  });
});

describe('the inputs of a model', () => {
  it('are the usual ones, changed for all models, for one, and by parameters', async () => {
    const settings = {
      input: { n: null, images: '%count%', style: 'plain' },
      models: { m: { input: { style: null, shape: '%aspect_ratio%' } } },
      parameters: { safety: 2, prompt: 'mine' },
    };
    expect(templateFor(usual, 'image', 'm', settings)).toEqual({
      prompt: '%prompt%',
      image: '%source%',
      images: '%count%',
      shape: '%aspect_ratio%',
    });
    expect(await inputFor(usual, settings, forRequest(image), link)).toEqual({
      prompt: 'mine',
      images: 2,
      shape: '2:3',
      safety: 2,
    });
    expect(await inputFor(usual, settings, forRequest(image, 'constructor'), link)).toMatchObject({
      style: 'plain',
    });
  });

  it('hold sources by what the upstream knows them by', async () => {
    const both = { ...video, sources: [source('last_frame'), source('first_frame')] };
    expect(await inputFor(usual, {}, forRequest(both), link)).toMatchObject({
      start: 'link to https://a.test/first_frame',
      end: 'link to https://a.test/last_frame',
    });
    const all = { ...image, sources: [source('reference'), source('reference')] };
    const settings = { input: { image: null, images: '%sources%' } };
    expect((await inputFor(usual, settings, forRequest(all), link)).images).toHaveLength(2);
  });

  it('leave no source out', async () => {
    const pose = { ...image, sources: [source('source'), source('pose')] };
    const work = inputFor(usual, {}, forRequest(pose), link);
    await expect(work).rejects.toMatchObject({
      code: 'model_misconfigured',
      detail: { raw: expect.stringContaining('pose') },
    });
  });

  it('are none for other kinds of work', async () => {
    const text = { kind: 'text', messages: [], seed: 1, maxTokens: 1, temperature: 1 } as const;
    await expect(inputFor(usual, {}, forRequest(text), link)).rejects.toMatchObject({
      code: 'model_misconfigured',
    });
  });
});

it('settings with a place that stands for nothing are refused at the start', () => {
  const settings = { models: { 'a/b': { input: { text: 'so %promt%' } } } };
  expect(() => checkInputs('up', settings)).toThrow(
    'providers.up.models.a/b.input: nothing is called %promt%',
  );
  expect(() => checkInputs('up', { input: { a: '%prompt%', b: ['%sources%'] } })).not.toThrow();
});
