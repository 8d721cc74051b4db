import { describe, expect, it } from 'vitest';
import type { ImageRequest } from '../../domain/request.ts';
import type { FormPart } from '../upstream/request.ts';
import { pictureRequest } from './requests.ts';
import type { Settings } from './settings.ts';
import { works } from './works.ts';

const plain: Settings = { api_key: 'k' };
const request: ImageRequest = {
  kind: 'image',
  prompt: 'a mug',
  negativePrompt: 'text',
  width: 832,
  height: 1216,
  count: 1,
  format: 'webp',
  seed: 7,
};
const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function orderOf(name: string, sources: readonly Uint8Array[] = [], settings = plain, index = 0) {
  const work = works[name];
  if (work === undefined) throw new Error(`no work ${name}`);
  const { path, headers, form = [] } = pictureRequest({ work, request, sources, index }, settings);
  expect(headers).toEqual({ accept: 'application/json' });
  const texts = form.filter((part): part is FormPart & { value: string } => typeof part.value === 'string');
  return {
    path,
    fields: Object.fromEntries(texts.map(({ name, value }) => [name, value])),
    files: form.filter(({ value }) => typeof value !== 'string').map(({ name }) => name),
  };
}

describe('an order', () => {
  it('of a picture from words has the nearest shape', () => {
    expect(orderOf('core')).toEqual({
      path: '/v2beta/stable-image/generate/core',
      fields: {
        prompt: 'a mug',
        negative_prompt: 'text',
        aspect_ratio: '2:3',
        seed: '7',
        output_format: 'webp',
      },
      files: [],
    });
  });

  it('says which model and mode where one path serves several, and what those can write', () => {
    expect(orderOf('sd3.5-large-turbo')).toEqual({
      path: '/v2beta/stable-image/generate/sd3',
      fields: {
        prompt: 'a mug',
        model: 'sd3.5-large-turbo',
        mode: 'text-to-image',
        aspect_ratio: '2:3',
        seed: '7',
        output_format: 'png',
      },
      files: [],
    });
    expect(orderOf('sd3.5-medium', [PNG], { ...plain, strength: 0.4 })).toEqual({
      path: '/v2beta/stable-image/generate/sd3',
      fields: {
        prompt: 'a mug',
        negative_prompt: 'text',
        model: 'sd3.5-medium',
        mode: 'image-to-image',
        strength: '0.4',
        seed: '7',
        output_format: 'png',
      },
      files: ['image'],
    });
  });

  it('of an edit has the fields of that edit', () => {
    expect(orderOf('edit/inpaint', [PNG])).toEqual({
      path: '/v2beta/stable-image/edit/inpaint',
      fields: { prompt: 'a mug', negative_prompt: 'text', seed: '7', output_format: 'webp' },
      files: ['image'],
    });
    expect(orderOf('edit/remove-background', [PNG]).fields).toEqual({ output_format: 'webp' });
    expect(orderOf('edit/replace-background-and-relight', [PNG])).toMatchObject({
      fields: { background_prompt: 'a mug' },
      files: ['subject_image'],
    });
    expect(orderOf('control/style-transfer', [PNG, PNG]).files).toEqual(['init_image', 'style_image']);
  });

  it('draws each of several pictures by its own seed, and never by 0, which would be a random one', () => {
    expect(orderOf('core', [], plain, 2).fields.seed).toBe('9');
    const work = works.core;
    if (work === undefined) throw new Error('no core');
    const seedOf = (seed: number) =>
      pictureRequest({ work, request: { ...request, seed }, sources: [], index: 0 }, plain).form?.find(
        ({ name }) => name === 'seed',
      )?.value;
    expect([0, 4_294_967_294, 4_294_967_295].map(seedOf)).toEqual(['1', '1', '1']);
  });

  it('has what the operator adds', () => {
    const settings = { ...plain, parameters: { style_preset: 'anime', negative_prompt: null } };
    expect(orderOf('ultra', [], settings).fields).toMatchObject({ style_preset: 'anime' });
    expect(orderOf('ultra', [], settings).fields).not.toHaveProperty('negative_prompt');
  });
});
