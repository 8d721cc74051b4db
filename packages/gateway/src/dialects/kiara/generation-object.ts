import { type Generation, isTerminal, type Mode, type Status } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import type { GenerationView } from '../../gateway/dialect.ts';
import type { Asset } from '../../store/port.ts';
import { costInCredits, creditOf } from './credits.ts';
import { assetUrl, publicBase } from './links.ts';

const STATUS = {
  queued: 'queued',
  running: 'processing',
  succeeded: 'completed',
  failed: 'failed',
  canceled: 'canceled',
} as const satisfies Record<Status, string>;
type WireStatus = (typeof STATUS)[Status];

const FROM_WIRE: ReadonlyMap<string, Status> = new Map(
  (Object.entries(STATUS) as [Status, WireStatus][]).map(([status, wire]) => [wire, status]),
);

export function statusFromWire(wire: string): Status | undefined {
  return FROM_WIRE.get(wire);
}

export function wireMode(mode: Mode): 'live' | 'sandbox' {
  return mode === 'live' ? 'live' : 'sandbox';
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** The generation object (contract section 6). */
export function generationObject(core: Core, { generation, assets }: GenerationView): object {
  const { status, startedAt, finishedAt, failure } = generation;
  return {
    id: generation.id,
    object: 'generation',
    status: STATUS[status],
    product: generation.model,
    mode: wireMode(generation.mode),
    created_at: isoTime(generation.createdAt),
    // The last change of status, as section 6 says. The store's own time also changes with attempts.
    updated_at: isoTime(finishedAt ?? startedAt ?? generation.createdAt),
    started_at: startedAt === null ? null : isoTime(startedAt),
    finished_at: finishedAt === null ? null : isoTime(finishedAt),
    input: generation.input,
    metadata: generation.metadata,
    result: status === 'succeeded' ? resultObject(core, assets[0]) : null,
    error:
      failure === null
        ? null
        : { code: 'generation_failed', message: failure.message, request_id: failure.requestId },
    credits: creditsObject(core, generation),
    retry_of: generation.retryOf,
  };
}

/** Also null if the result has expired. */
function resultObject(core: Core, asset: Asset | undefined): object | null {
  if (asset === undefined) return null;
  return {
    asset_id: asset.id,
    url: assetUrl(publicBase(core), asset.id),
    content_type: asset.contentType,
    bytes: asset.bytes,
    width: asset.width,
    height: asset.height,
    duration_seconds: asset.durationSeconds,
  };
}

/** What is held now, what was charged in the end, and how much of the hold was released. */
function creditsObject(core: Core, { quote, charged, status }: Generation): object {
  const credit = creditOf(core);
  const ended = isTerminal(status);
  const held = costInCredits(quote, credit);
  const spent = costInCredits(charged ?? 0, credit);
  return { held: ended ? 0 : held, charged: spent, refunded: ended ? held - spent : 0 };
}
