import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  generateImage,
  experimental_generateVideo as generateVideo,
  experimental_getVideoStatus as getVideoStatus,
  experimental_startVideo as startVideo,
} from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PNG } from '../../client/testing/pictures.ts';
import { probe } from '../../gateway/src/assets/probe.ts';
import { startTestShop, steer, type TestShop } from '../testing/shop.ts';
import { createGenlock } from './index.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

const SHORT = { prompt: 'a boat', duration: 1, resolution: '426x240' } as const;
const POLL = { poll: { intervalMs: 50 } };

describe('generateVideo', () => {
  it('brings a clip of the length, shape and sound that was asked for', async () => {
    const { genlock, ledger } = await shop.open();
    const { video, warnings, providerMetadata } = await generateVideo({
      model: genlock.video('genlock/video'),
      ...SHORT,
      resolution: '240x426',
      generateAudio: true,
      seed: 3,
      fps: 60,
    });
    expect(video.mediaType).toBe('video/mp4');
    expect(await probe(video.uint8Array)).toMatchObject({
      contentType: 'video/mp4',
      height: 426,
      hasSound: true,
    });
    expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'fps' }]);
    expect(providerMetadata.genlock).toMatchObject({
      chargedUsd: '0.025',
      videos: [{ chargedUsd: '0.025' }],
    });
    expect(await ledger()).toEqual(['hold 0.025', 'capture 0.025']);
  });

  it('makes one order for each clip', async () => {
    const { genlock, orders } = await shop.open();
    const { videos } = await generateVideo({ model: genlock.video('genlock/video'), ...SHORT, n: 2 });
    expect([videos.length, await orders()]).toEqual([2, 2]);
  });

  it('begins with a picture', async () => {
    const { genlock, orders } = await shop.open();
    const { image } = await generateImage({
      model: genlock.image('genlock/image'),
      prompt: 'x',
      size: '256x256',
    });
    const model = genlock.video('genlock/video');
    const { duration } = SHORT;
    await generateVideo({ model, duration, prompt: { text: 'it moves', image: image.uint8Array } });
    await generateVideo({
      model,
      duration,
      prompt: 'x',
      frameImages: [{ image: image.uint8Array, frameType: 'last_frame' }],
    });
    const made = (await genlock.client().generations.list().page()).data.map(({ input }) =>
      Object.keys(input),
    );
    expect(made[0]).toContain('last_frame');
    expect(made[1]).toContain('first_frame');
    await expect(generateVideo({ model, ...SHORT, inputReferences: [image.uint8Array] })).rejects.toThrow(
      /inputReferences/,
    );
    expect(await orders()).toBe(3);
  });

  it('polls where that is wanted', async () => {
    const { genlock, orders } = await shop.open();
    const { video, providerMetadata } = await generateVideo({
      model: genlock.video('genlock/video'),
      ...SHORT,
      ...POLL,
      ...steer('delay=200ms'),
    });
    expect(await probe(video.uint8Array)).toMatchObject({ contentType: 'video/mp4' });
    expect(providerMetadata.genlock).toMatchObject({ chargedUsd: '0.02', quotedUsd: '0.02' });
    expect(await orders()).toBe(1);
  });

  it('is told of the end by a webhook', async () => {
    const { genlock } = await shop.open();
    const { promise: received, resolve } = Promise.withResolvers<{
      headers: Record<string, string>;
      body: string;
    }>();
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(204).end();
      resolve({ headers: request.headers as Record<string, string>, body });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    try {
      const model = genlock.video('genlock/video');
      const { video } = await generateVideo({ model, ...SHORT, webhook: async () => ({ url, received }) });
      expect(video.uint8Array.byteLength).toBeGreaterThan(1000);
      expect(JSON.parse((await received).body)).toMatchObject({ type: 'generation.succeeded' });
    } finally {
      server.close();
    }
  });

  it('says why a clip that is polled failed', async () => {
    const { genlock } = await shop.open();
    const model = genlock.video('genlock/video');
    const failing = generateVideo({ model, ...SHORT, ...POLL, ...steer('error=content_rejected') });
    await expect(failing).rejects.toThrow(/^content_rejected: /);
  });
});

describe('startVideo and getVideoStatus', () => {
  it('order in one process and ask in another', async () => {
    const { genlock } = await shop.open();
    const model = genlock.video('genlock/video');
    const { operation } = await startVideo({ model, ...SHORT, ...steer('delay=2s') });
    const kept = JSON.parse(JSON.stringify(operation));
    expect(await getVideoStatus(model, { operation: kept })).toMatchObject({ status: 'pending' });
    await genlock.client().generations.wait(kept.generationId);
    expect(await getVideoStatus(model, { operation: kept })).toMatchObject({
      status: 'completed',
      videos: [{ type: 'binary', mediaType: 'video/mp4' }],
      providerMetadata: { genlock: { chargedUsd: '0.02' } },
    });
  });

  it('make one order with the key of the SDK, also of a picture that is brought again', async () => {
    const { apiKey, orders } = await shop.open();
    let lost = 2;
    const losing = createGenlock({
      baseURL: `${shop.gateway.url}/v1`,
      apiKey,
      attempts: 1,
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (!String(input).endsWith('/generations')) return response;
        lost -= 1;
        if (lost < 0) return response;
        await response.arrayBuffer();
        throw new TypeError('fetch failed');
      },
    });
    const model = losing.video('genlock/video');
    const prompt = { text: 'it moves', image: PNG };
    const { operation } = await startVideo({ model, prompt, duration: 1 });
    expect(operation).toMatchObject({ generationId: expect.stringMatching(/^gen_/) });
    expect([lost, await orders()]).toEqual([-1, 1]);
  });

  it('tell what failed as data', async () => {
    const { genlock } = await shop.open();
    const model = genlock.video('genlock/video');
    const { operation } = await startVideo({ model, ...SHORT, ...steer('error=content_rejected') });
    const { generationId } = operation as { generationId: string };
    await genlock
      .client()
      .generations.wait(generationId)
      .catch(() => undefined);
    expect(await getVideoStatus(model, { operation })).toMatchObject({
      status: 'error',
      error: expect.stringMatching(/^content_rejected: /),
      providerMetadata: { genlock: { code: 'content_rejected', advice: 'rewrite_prompt', chargedUsd: '0' } },
    });
    await expect(getVideoStatus(model, { operation: 'something' })).rejects.toThrow(
      /none that this provider/,
    );
  });
});
