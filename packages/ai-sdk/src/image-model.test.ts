import { UnsupportedFunctionalityError } from '@ai-sdk/provider';
import { generateImage } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../gateway/src/assets/probe.ts';
import { metadataIn, startTestShop, type TestShop } from '../testing/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

const SIZE = '256x256';

describe('generateImage', () => {
  it('brings the images of one order, as bytes, with what they cost', async () => {
    const { genlock, ledger } = await shop.open();
    const result = await generateImage({
      model: genlock.image('genlock/image'),
      prompt: 'a red mug',
      n: 2,
      size: SIZE,
      seed: 7,
      providerOptions: { genlock: { format: 'webp', negative_prompt: 'blue', metadata: { order: 'A-17' } } },
    });
    expect(result.images).toHaveLength(2);
    expect(result.warnings).toEqual([]);
    for (const { uint8Array, mediaType } of result.images) {
      expect(mediaType).toBe('image/webp');
      expect(await probe(uint8Array)).toMatchObject({ contentType: 'image/webp', width: 256, height: 256 });
    }
    expect(await ledger()).toEqual(['hold 0.02', 'capture 0.02']);
    const [call] = result.calls;
    expect(call?.providerMetadata?.genlock).toMatchObject({ chargedUsd: '0.02', quotedUsd: '0.02' });
    expect(result.images[0]?.providerMetadata?.genlock).toMatchObject({
      width: 256,
      mediaType: 'image/webp',
    });
    expect(result.responses[0]).toMatchObject({ modelId: 'genlock/image', timestamp: expect.any(Date) });
    const { generationId } = metadataIn(call?.providerMetadata);
    expect(await genlock.client().generations.get(generationId)).toMatchObject({
      metadata: { order: 'A-17' },
      input: { seed: 7, count: 2, negative_prompt: 'blue' },
    });
  });

  it('makes as few orders as the model allows', async () => {
    const { genlock, ledger } = await shop.open();
    const { images } = await generateImage({
      model: genlock.image('genlock/image'),
      prompt: 'mugs',
      n: 6,
      size: SIZE,
    });
    expect(images).toHaveLength(6);
    expect((await ledger()).filter((line) => line.startsWith('hold')).sort()).toEqual([
      'hold 0.02',
      'hold 0.04',
    ]);
  });

  it('finds the size of a ratio, and warns where there is none', async () => {
    const { genlock } = await shop.open();
    const model = genlock.image('genlock/image');
    const wide = await generateImage({ model, prompt: 'a mug', aspectRatio: '16:9' });
    expect(await probe(wide.image.uint8Array)).toMatchObject({ width: 1280, height: 720 });
    expect(wide.warnings).toEqual([]);
    const odd = await generateImage({ model, prompt: 'a mug', aspectRatio: '5:1' });
    expect(odd.warnings).toMatchObject([{ type: 'unsupported', feature: 'aspectRatio' }]);
    const said = await generateImage({ model, prompt: 'a mug', aspectRatio: '16:9', size: SIZE });
    expect(said.warnings).toMatchObject([{ type: 'unsupported', feature: 'aspectRatio' }]);
    expect(await probe(said.image.uint8Array)).toMatchObject({ width: 256 });
  });

  it('works on images that are brought as bytes, as base64 or by their URL', async () => {
    const { genlock, orders } = await shop.open();
    const model = genlock.image('genlock/image');
    const { image } = await generateImage({ model, prompt: 'a mug', size: '512x512' });
    for (const source of [image.uint8Array, image.base64]) {
      const edited = await generateImage({ model, prompt: { text: 'at night', images: [source] } });
      // Without a size it keeps that of the picture.
      expect(await probe(edited.image.uint8Array)).toMatchObject({ width: 512 });
    }
    const [asset] = (await genlock.client().generations.list().page()).data[0]?.output?.assets ?? [];
    const { images } = await generateImage({ model, prompt: { text: 'again', images: [asset?.url ?? ''] } });
    expect(images).toHaveLength(1);
    expect(await orders()).toBe(4);
    expect(await model.supportsFileInputs).toBe(true);
  });

  it('refuses a mask before anything is ordered', async () => {
    const { genlock, orders } = await shop.open();
    const model = genlock.image('genlock/image');
    const mask = new Uint8Array([1]);
    const failing = generateImage({ model, prompt: { text: 'x', images: [mask], mask } });
    await expect(failing).rejects.toSatisfy(UnsupportedFunctionalityError.isInstance);
    expect(await orders()).toBe(0);
  });

  it('is paid once for a key of the caller, also by another call', async () => {
    const { genlock, ledger } = await shop.open();
    const call = () =>
      generateImage({
        model: genlock.image('genlock/image'),
        prompt: 'a mug',
        size: SIZE,
        providerOptions: { genlock: { idempotencyKey: 'order-17' } },
      });
    const [first, second] = [await call(), await call()];
    expect(second.image.base64).toBe(first.image.base64);
    expect(await ledger()).toEqual(['hold 0.01', 'capture 0.01']);
  });

  it.each([{ idempotencyKey: 7 }, { metadata: 'x' }, { timeoutMs: 'soon' }])(
    'refuses the option %j, which would be ignored and paid for',
    async (options) => {
      const { genlock, orders } = await shop.open();
      const model = genlock.image('genlock/image');
      await expect(
        generateImage({ model, prompt: 'x', providerOptions: { genlock: options } }),
      ).rejects.toThrow(`providerOptions.genlock.${Object.keys(options)[0]} must be`);
      expect(await orders()).toBe(0);
    },
  );
});
