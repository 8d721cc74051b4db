import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type AnyGenerationError,
  type Client,
  createKiaraClient,
  type Generation,
  type KiaraCompletedGeneration,
  type KiaraGeneration,
  type SkillsVideoClient,
  type SkytellsPrediction,
  waitFor,
} from '../index.ts';

/* Checked by the compiler: the test passes if this file compiles. */

function show(generation: Generation): string {
  switch (generation.status) {
    case 'queued':
    case 'running':
      return 'later';
    case 'succeeded':
      return String(generation.output.assets.length);
    case 'failed':
      return generation.error.code;
    case 'canceled':
      return 'never';
  }
}

function showKiara(generation: KiaraGeneration): string {
  switch (generation.status) {
    case 'queued':
    case 'processing':
      return 'later';
    case 'completed':
      return generation.result?.url ?? 'gone';
    case 'failed':
      return generation.error.code;
    case 'canceled':
      return 'never';
  }
}

function showSkytells(prediction: SkytellsPrediction): string {
  switch (prediction.status) {
    case 'succeeded':
      return String(prediction.output);
    case 'failed':
      return prediction.error;
    default:
      expectTypeOf(prediction.error).toEqualTypeOf<null | undefined>();
      return 'later';
  }
}

function words(error: AnyGenerationError): string {
  switch (error.dialect) {
    case 'kiara':
      return error.wireCode === 'insufficient_balance' ? 'top up' : error.code;
    case 'getimg':
      return error.wireCode === 'quota_exceeded' ? 'top up' : error.code;
    case 'skytells':
    case 'llmtune':
    case 'skills-video':
    case 'native':
      return error.code;
  }
}

/** Never run, only compiled. */
async function orders(client: Client, skillsVideo: SkillsVideoClient): Promise<void> {
  await client.generations.create({ model: 'genlock/image', input: { prompt: 'a', count: 2 } });
  await client.generations.create({ model: 'of/yours', input: { anything: true } });
  // @ts-expect-error an image has no text
  await client.generations.create({ model: 'genlock/image', input: { text: 'a' } });
  // @ts-expect-error either a prompt or messages
  await client.generations.run({ model: 'genlock/text', input: { prompt: 'a', messages: [] } });
  // @ts-expect-error a prompt is needed
  await client.quote({ model: 'genlock/video', input: {} });
  await skillsVideo.generations.create('kling-ai/v3/video', { prompt: 'a', duration: 5 });
  await skillsVideo.generations.create('of/another', { anything: true });
  // @ts-expect-error no such aspect ratio
  await skillsVideo.generations.create('google/veo-3.1', { prompt: 'a', aspect_ratio: '5:4' });
}

describe('the types of the clients', () => {
  it('narrow, and switches over them are exhaustive', () => {
    expect([show, showKiara, showSkytells, words, orders].every(Boolean)).toBe(true);
  });

  it('know what waiting ends in', () => {
    const kiara = createKiaraClient({ apiKey: 'k' });
    const wait = () => waitFor(kiara.generations, 'gen_1');
    expectTypeOf(wait).returns.resolves.toEqualTypeOf<KiaraCompletedGeneration>();
    expectTypeOf(kiara.generations.wait).returns.resolves.toEqualTypeOf<KiaraCompletedGeneration>();
    expect(wait).toBeTypeOf('function');
  });
});
