import { describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import { ModelRegistry } from '../../gateway/models/model-registry.ts';
import { readJsonObject } from '../../http/json-body.ts';
import { models } from './products.ts';
import { readCreateRequest } from './request.ts';

const ULID = '01J9ZQ3W0V6N8T5R2K4M7P1XYA';
const MINE = `https://gw.example/kiara/v1/uploads/upl_${ULID}/content`;
const HTTPS = 'https://files.example/a.png';

const asset = { dialect: 'kiara', accountId: 'acc_1', mode: 'live', expiresAt: 2000 };
const coreWith = (file: object | undefined = asset) =>
  ({
    publicUrl: () => 'https://gw.example',
    config: () => ({ dialects: { kiara: { host: null } } }),
    models: new ModelRegistry(models, new Map()),
    store: { asset: async () => file },
    checkUrl: (url: string) => (url.startsWith('https:') ? undefined : 'scheme'),
    random: () => 0.5,
    now: () => 1000,
  }) as unknown as Core;
const me = { account: { id: 'acc_1' }, key: { mode: 'live' } } as unknown as Caller;

const read = (body: object | string, core = coreWith()) =>
  readCreateRequest(
    core,
    me,
    readJsonObject(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))),
    undefined,
  );
const refusal = async (body: object | string, core = coreWith()) => {
  const thrown = await read(body, core).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof GenlockError)) throw new Error('not refused');
  return [thrown.code, thrown.detail.param];
};

const B = { prompt: 'a red mug on oak' };

describe('readCreateRequest', () => {
  it('fills in the defaults of an image and draws a seed', async () => {
    const { model, input, request, usage, metadata, webhook } = await read(B);
    expect(model.id).toBe('kiara-image-pro');
    expect(input).toEqual({ prompt: B.prompt, aspect: 'portrait', seed: 2_147_483_648 });
    expect(request).toEqual({
      kind: 'image',
      prompt: B.prompt,
      seed: 2_147_483_648,
      width: 832,
      height: 1216,
      count: 1,
      format: 'jpeg',
    });
    expect([usage, metadata, webhook]).toEqual([{ calls: 1 }, null, null]);
  });

  it('fills in the defaults of a film', async () => {
    const { input, request, usage } = await read({ ...B, product: 'kiara-dream-fast', seed: 7 });
    expect(input).toEqual({
      prompt: B.prompt,
      aspect: 'landscape',
      duration_seconds: 5,
      resolution: '720p',
      generate_audio: false,
      seed: 7,
    });
    expect(request).toEqual({
      kind: 'video',
      prompt: B.prompt,
      seed: 7,
      width: 1280,
      height: 720,
      seconds: 5,
      sound: false,
    });
    expect(usage).toEqual({ seconds: 5, dimensions: { resolution: '720p', audio: 'false' } });
  });

  it('ignores good inputs that the product does not take', async () => {
    const { input, request } = await read({
      ...B,
      seed: 1,
      duration_seconds: 9,
      source_image_url: HTTPS,
      image_quality: '4k',
      unheard_of: { x: 1 },
    });
    expect(input).toEqual({ prompt: B.prompt, aspect: 'portrait', seed: 1 });
    expect(request).not.toHaveProperty('sources');
  });

  it('names sources by what they are for, the one that is worked on first', async () => {
    const { request } = await read({
      ...B,
      product: 'kiara-edit',
      pose_image_url: `${HTTPS}?pose`,
      second_image_url: `${HTTPS}?second`,
      source_image_url: HTTPS,
    });
    expect(request.sources).toEqual([
      { role: 'source', url: HTTPS },
      { role: 'second', url: `${HTTPS}?second` },
      { role: 'pose', url: `${HTTPS}?pose` },
    ]);
    expect(request).not.toHaveProperty('width');
  });

  it('takes uploads of the same account and mode by their id, and shows them as they were written', async () => {
    const { request, input } = await read({ ...B, product: 'kiara-edit', source_image_url: MINE });
    expect(request.sources).toEqual([{ role: 'source', url: `asset:upl_${ULID}` }]);
    expect(input.source_image_url).toBe(MINE);
  });

  it.each([
    ['of another account', { ...asset, accountId: 'acc_2' }],
    ['of the other mode', { ...asset, mode: 'test' }],
    ['of another dialect', { ...asset, dialect: 'getimg' }],
    ['past their time', { ...asset, expiresAt: 1000 }],
    ['that are not there', undefined],
  ])('refuses uploads %s', async (_which, file) => {
    const core = { ...coreWith(), store: { asset: async () => file } } as unknown as Core;
    expect(await refusal({ ...B, product: 'kiara-edit', source_image_url: MINE }, core)).toEqual([
      'invalid_parameter',
      'source_image_url',
    ]);
  });

  it.each([
    { ...B, prompt: 'x'.repeat(4000) },
    { ...B, prompt: '😀'.repeat(4000) },
    { ...B, prompt: ' x ' },
    { ...B, seed: 0 },
    { ...B, seed: 4_294_967_295 },
    { ...B, seed: null, product: null, aspect: null, metadata: null, webhook_url: null },
    { ...B, negative_prompt: '' },
    { ...B, metadata: { a: 'x'.repeat(4096 - 8) } },
    { ...B, aspect: 'square' },
    { ...B, product: 'kiara-vogue', image_quality: '4k', reference_image_urls: [HTTPS, HTTPS, HTTPS, HTTPS] },
    { ...B, product: 'kiara-dream-fast', duration_seconds: 15, resolution: '1080p', generate_audio: true },
  ])('takes %j', async (body) => {
    expect((await read(body)).input).toHaveProperty('prompt');
  });

  it.each([
    [{}, 'parameter_missing', 'prompt'],
    [{ prompt: null }, 'parameter_missing', 'prompt'],
    [{ prompt: '' }, 'invalid_parameter', 'prompt'],
    [{ prompt: ' \n\t' }, 'invalid_parameter', 'prompt'],
    [{ prompt: 5 }, 'invalid_parameter', 'prompt'],
    [{ prompt: 'x'.repeat(4001) }, 'invalid_parameter', 'prompt'],
    [{ ...B, negative_prompt: 'x'.repeat(4001) }, 'invalid_parameter', 'negative_prompt'],
    [{ ...B, seed: -1 }, 'invalid_parameter', 'seed'],
    [{ ...B, seed: 4_294_967_296 }, 'invalid_parameter', 'seed'],
    [{ ...B, seed: '1' }, 'invalid_parameter', 'seed'],
    [{ ...B, seed: 1.5 }, 'invalid_parameter', 'seed'],
    ['{"prompt":"x","seed":1.0}', 'invalid_parameter', 'seed'],
    ['{"prompt":"x","seed":1e2}', 'invalid_parameter', 'seed'],
    ['{"prompt":"x","duration_seconds":5.0}', 'invalid_parameter', 'duration_seconds'],
    [{ ...B, duration_seconds: 16 }, 'invalid_parameter', 'duration_seconds'],
    [{ ...B, duration_seconds: 0 }, 'invalid_parameter', 'duration_seconds'],
    [{ ...B, generate_audio: 'yes' }, 'invalid_parameter', 'generate_audio'],
    [{ ...B, resolution: '4320p' }, 'invalid_parameter', 'resolution'],
    [{ ...B, aspect: 'wide' }, 'invalid_parameter', 'aspect'],
    [{ ...B, image_quality: '8k' }, 'invalid_parameter', 'image_quality'],
    [{ ...B, webhook_url: 'http://x' }, 'invalid_parameter', 'webhook_url'],
    [{ ...B, webhook_url: '' }, 'invalid_parameter', 'webhook_url'],
    [{ ...B, webhook_url: {} }, 'invalid_parameter', 'webhook_url'],
    [{ ...B, metadata: [] }, 'invalid_parameter', 'metadata'],
    [{ ...B, metadata: 'x' }, 'invalid_parameter', 'metadata'],
    [{ ...B, metadata: { a: 'x'.repeat(4096 - 7) } }, 'invalid_parameter', 'metadata'],
    [{ ...B, metadata: { a: 'ä'.repeat(2048) } }, 'invalid_parameter', 'metadata'],
    [{ ...B, source_image_url: 'ftp://x/y' }, 'invalid_parameter', 'source_image_url'],
    [{ ...B, reference_image_urls: HTTPS }, 'invalid_parameter', 'reference_image_urls'],
    [{ ...B, reference_image_urls: [HTTPS, 'http://x'] }, 'invalid_parameter', 'reference_image_urls[1]'],
    [{ ...B, reference_image_urls: Array(5).fill(HTTPS) }, 'invalid_parameter', 'reference_image_urls'],
    [{ ...B, product: 5 }, 'invalid_parameter', 'product'],
    [{ ...B, product: 'kiara-nope' }, 'model_not_found', 'product'],
    [{ ...B, product: '' }, 'model_not_found', 'product'],
    [{ ...B, product: '__proto__' }, 'model_not_found', 'product'],
    [{ ...B, product: 'kiara-edit' }, 'source_media_required', 'source_image_url'],
    [{ ...B, product: 'kiara-edit', source_image_url: null }, 'source_media_required', 'source_image_url'],
    [{ ...B, product: 'kiara-reference' }, 'source_media_required', 'source_image_url'],
    [{ ...B, product: 'kiara-style', second_image_url: HTTPS }, 'source_media_required', 'source_image_url'],
    [{ ...B, product: 'kiara-style', source_image_url: HTTPS }, 'parameter_missing', 'second_image_url'],
    [{ ...B, product: 'kiara-dream-fast-image' }, 'source_media_required', 'start_image_url'],
  ])('refuses %j', async (body, code, param) => {
    expect(await refusal(body)).toEqual([code, param]);
  });

  it.each([
    ['shared fields before the product', { product: 'kiara-nope' }, 'prompt'],
    ['the product before its fields', { ...B, product: 'kiara-nope', duration_seconds: 16 }, 'product'],
    ['the source before other fields', { ...B, product: 'kiara-edit', aspect: 'wide' }, 'source_image_url'],
    [
      'shared URLs before the product',
      { ...B, product: 'kiara-nope', webhook_url: 'http://x' },
      'webhook_url',
    ],
  ])('checks %s', async (_what, body, param) => {
    expect((await refusal(body))[1]).toBe(param);
  });
});
