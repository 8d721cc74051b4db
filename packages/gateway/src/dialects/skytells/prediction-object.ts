import type { CanonicalCode } from '@genlock/contracts';
import type { Generation } from '../../domain/generation.ts';
import { MICROS_PER_USD } from '../../domain/money.ts';
import type { Core } from '../../gateway/core.ts';
import type { GenerationView } from '../../gateway/dialect.ts';
import type { Asset } from '../../store/port.ts';
import { extensionOf, filePath, NAME, predictionUrls, publicBase } from './links.ts';
import { specOf } from './models.ts';
import { statusToWire } from './status.ts';

/** The prediction object (contract section 5). The status `started` is only used in the webhook of that name. */
export function predictionObject(core: Core, view: GenerationView, status?: 'started'): object {
  const { generation } = view;
  const base = publicBase(core);
  const type = specOf(generation.model)?.type ?? 'image';
  const assets = view.assets.filter(({ expiresAt }) => expiresAt > core.now());
  const purged = isPurged(core, generation, assets);
  const error = errorText(generation, type);
  return {
    id: generation.id,
    status: status ?? statusToWire(core, generation.status),
    type: 'inference',
    stream: generation.metadata?.stream === true,
    // The contract says "Prompts are never stored" and yet shows them: they are removed together with the files.
    input: purged ? {} : generation.input,
    output: assets.length === 0 ? null : assets.map((asset) => base + filePath(asset)),
    // The SDK's `run` takes this as the reason of a failure.
    response: error,
    error,
    created_at: preciseTime(generation.createdAt),
    started_at: optional(plainTime, generation.startedAt),
    completed_at: optional(plainTime, generation.finishedAt),
    updated_at: preciseTime(generation.finishedAt ?? generation.startedAt ?? generation.createdAt),
    privacy: 'private',
    source: 'api',
    // The only place where a failed prediction has another form (section 9.4).
    model: generation.status === 'failed' ? generation.model : { name: generation.model, type },
    webhook: { url: generation.webhook?.url ?? null, events: generation.webhook?.events ?? [] },
    metrics: metrics(generation, type, assets),
    metadata: {
      billing: { credits_used: credits(core, generation) },
      storage: { files: assets.map((asset) => fileObject(base, asset, assets.length)) },
      data_available: assets.length > 0,
    },
    ...(purged && { data_removed: true }),
    urls: predictionUrls(base, generation.id),
  };
}

/** Files, and the input with them, are removed some time after the end (section 5, "Output URLs"). */
function isPurged(core: Core, { status, finishedAt }: Generation, assets: readonly Asset[]): boolean {
  if (finishedAt === null) return false;
  if (status === 'succeeded') return assets.length === 0;
  return finishedAt + (core.config().dialects[NAME]?.assetTtlMs ?? 0) <= core.now();
}

function fileObject(base: string, asset: Asset, count: number): object {
  const number = count > 1 ? `-${asset.index + 1}` : '';
  return {
    name: `output${number}.${extensionOf(asset.contentType)}`,
    type: asset.contentType,
    size: asset.bytes,
    url: base + filePath(asset),
  };
}

/** The hold is shown as used at once, because that is when the contract deducts; after a failure nothing is (section 7, "Credits"). */
function credits(core: Core, { charged, quote }: Generation): number {
  return (charged ?? quote) / (core.config().dialects[NAME]?.creditUsd ?? MICROS_PER_USD);
}

function metrics(generation: Generation, type: string, assets: readonly Asset[]): object {
  const { createdAt, startedAt, finishedAt, status, progress, delivered } = generation;
  const times =
    finishedAt === null
      ? {}
      : {
          predict_time: (finishedAt - (startedAt ?? finishedAt)) / 1000,
          total_time: (finishedAt - createdAt) / 1000,
        };
  // Audio and failed predictions only have the two times.
  if (status === 'failed' || type === 'audio' || type === 'music') return times;
  // The number of files stays known after they have been removed.
  const made = Math.max(
    assets.length,
    type === 'image' ? (delivered?.images ?? 0) : status === 'succeeded' ? 1 : 0,
  );
  return {
    ...(type === 'image' && { image_count: made }),
    ...times,
    asset_count: made,
    progress: status === 'succeeded' ? 100 : Math.round(progress?.percent ?? 0),
  };
}

/** Texts that the contract documents (section 9.4); the others are ours. */
function errorText({ failure }: Generation, type: string): string | null {
  if (failure === null) return null;
  const documented: { readonly [code in CanonicalCode]?: string } = {
    content_rejected: 'NSFW content detected.',
    upstream_invalid_result: `Failed to generate ${type}.`,
  };
  return documented[failure.code] ?? failure.message;
}

/** Six decimals and `Z`, the form of `created_at` and `updated_at`. */
export function preciseTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

/** No decimals and a numeric zone, the form of the other two times. */
function plainTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}

function optional<T>(render: (ms: number) => T, ms: number | null): T | null {
  return ms === null ? null : render(ms);
}
