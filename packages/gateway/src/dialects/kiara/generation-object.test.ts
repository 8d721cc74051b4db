import { describe, expect, it } from 'vitest';
import type { Generation } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import type { Asset } from '../../store/port.ts';
import { events } from './events.ts';
import { generationObject } from './generation-object.ts';

const core = {
  publicUrl: () => 'https://gw.example',
  config: () => ({ dialects: { kiara: { host: null, creditUsd: 10_000 } } }),
} as unknown as Core;
const AT = Date.parse('2026-01-05T10:00:00.000Z');

const queued: Generation = {
  id: 'gen_1',
  dialect: 'kiara',
  accountId: 'acc_1',
  keyId: 'key_1',
  mode: 'live',
  model: 'kiara-image-pro',
  kind: 'image',
  status: 'queued',
  input: { prompt: 'x', aspect: 'portrait', seed: 7 },
  request: { kind: 'image', prompt: 'x', seed: 7, count: 1, format: 'jpeg', width: 832, height: 1216 },
  metadata: { order: 'A-17' },
  webhook: null,
  price: { unit: 'call', usd: 100_000 },
  quote: 100_000,
  charged: null,
  delivered: null,
  progress: null,
  inline: false,
  deletedAt: null,
  failure: null,
  retryOf: null,
  createdAt: AT,
  updatedAt: AT,
  startedAt: null,
  finishedAt: null,
  traceparent: null,
  deadlineAt: AT + 600_000,
};
const running: Generation = { ...queued, status: 'running', startedAt: AT + 20, updatedAt: AT + 20 };
const end = { startedAt: AT + 20, finishedAt: AT + 58_412, updatedAt: AT + 58_412 };
const succeeded: Generation = { ...queued, ...end, status: 'succeeded', charged: 100_000 };
const failed: Generation = {
  ...queued,
  ...end,
  status: 'failed',
  charged: 0,
  failure: { code: 'upstream_failed', message: 'It failed.', requestId: 'req_1' },
};
const canceled: Generation = {
  ...queued,
  status: 'canceled',
  charged: 0,
  finishedAt: AT + 5,
  updatedAt: AT + 5,
};
const asset: Asset = {
  id: 'asset_1',
  accountId: 'acc_1',
  dialect: 'kiara',
  mode: 'live',
  generationId: 'gen_1',
  index: 0,
  contentType: 'image/jpeg',
  bytes: 183_221,
  width: 832,
  height: 1216,
  durationSeconds: null,
  fps: null,
  hasSound: null,
  sha256: 'ab',
  blob: 'output_1',
  createdAt: AT,
  expiresAt: AT + 1,
};

describe('generationObject', () => {
  it('is the sample of the contract when completed', () => {
    expect(generationObject(core, { generation: succeeded, assets: [asset] })).toEqual({
      id: 'gen_1',
      object: 'generation',
      status: 'completed',
      product: 'kiara-image-pro',
      mode: 'live',
      created_at: '2026-01-05T10:00:00.000Z',
      updated_at: '2026-01-05T10:00:58.412Z',
      started_at: '2026-01-05T10:00:00.020Z',
      finished_at: '2026-01-05T10:00:58.412Z',
      input: { prompt: 'x', aspect: 'portrait', seed: 7 },
      metadata: { order: 'A-17' },
      result: {
        asset_id: 'asset_1',
        url: 'https://gw.example/kiara/v1/assets/asset_1/content',
        content_type: 'image/jpeg',
        bytes: 183_221,
        width: 832,
        height: 1216,
        duration_seconds: null,
      },
      error: null,
      credits: { held: 0, charged: 10, refunded: 0 },
      retry_of: null,
    });
  });

  it.each([
    [queued, 'queued', { held: 10, charged: 0, refunded: 0 }],
    [running, 'processing', { held: 10, charged: 0, refunded: 0 }],
    [failed, 'failed', { held: 0, charged: 0, refunded: 10 }],
    [canceled, 'canceled', { held: 0, charged: 0, refunded: 10 }],
    [
      { ...succeeded, quote: 2_490_000, charged: 1_990_000 },
      'completed',
      { held: 0, charged: 199, refunded: 50 },
    ],
    [{ ...queued, mode: 'test', quote: 0 }, 'queued', { held: 0, charged: 0, refunded: 0 }],
  ] satisfies [Generation, string, object][])('tells status and credits', (generation, status, credits) => {
    expect(generationObject(core, { generation, assets: [] })).toMatchObject({
      status,
      credits,
      result: null,
      mode: generation.mode === 'test' ? 'sandbox' : 'live',
    });
  });

  it('says how a job failed, and nothing of the provider', () => {
    expect(generationObject(core, { generation: failed, assets: [] })).toMatchObject({
      error: { code: 'generation_failed', message: 'It failed.', request_id: 'req_1' },
    });
  });
});

describe('events', () => {
  it('are one when it completed or failed, and none otherwise', () => {
    const names = (generation: Generation) =>
      events(core, 'ended', { generation, assets: [] }).map(({ event }) => event);
    expect(names(succeeded)).toEqual(['generation.completed']);
    expect(names(failed)).toEqual(['generation.failed']);
    expect(names(canceled)).toEqual([]);
    expect(events(core, 'admitted', { generation: queued, assets: [] })).toEqual([]);
  });

  it('hold the generation object', () => {
    const view = { generation: succeeded, assets: [asset] };
    const body = events(core, 'ended', view)[0]?.body('evt_1', AT) ?? '';
    expect(JSON.parse(body)).toEqual({
      id: 'evt_1',
      type: 'generation.completed',
      created_at: '2026-01-05T10:00:00.000Z',
      data: generationObject(core, view),
    });
  });
});
