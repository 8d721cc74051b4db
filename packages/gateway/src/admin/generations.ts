import type { FastifyInstance } from 'fastify';
import type { Attempt, GenerationFailure } from '../domain/generation.ts';
import { formatUsd } from '../domain/money.ts';
import { cancel } from '../gateway/cancel.ts';
import { type GenerationDetail, generationDetail } from '../gateway/generation-detail.ts';
import type { Asset } from '../store/port.ts';
import { renderAttempt } from './attempts.ts';
import type { AdminContext } from './context.ts';
import { renderDelivery } from './deliveries.ts';
import { type ById, idOf } from './id.ts';
import { optionalTime, renderTransfer, time } from './render.ts';

export function generationRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<ById>('/generations/:id', async ({ params }) =>
    renderGeneration(await generationDetail(core, idOf(params))),
  );

  app.post<ById>(
    '/generations/:id/cancel',
    { config: { audit: 'generation.cancel' } },
    async ({ params }) => {
      const id = idOf(params);
      await cancel(core, id, 'unfinished');
      return renderGeneration(await generationDetail(core, id));
    },
  );
}

function renderGeneration({ generation, attempts, transfers, assets, deliveries }: GenerationDetail) {
  return {
    id: generation.id,
    dialect: generation.dialect,
    account_id: generation.accountId,
    key_id: generation.keyId,
    model: generation.model,
    mode: generation.mode,
    status: generation.status,
    input: generation.input,
    error: generation.failure && renderFailure(generation.failure),
    quote_usd: formatUsd(generation.quote),
    charged_usd: generation.charged === null ? null : formatUsd(generation.charged),
    cost_usd: costOf(attempts),
    progress: generation.progress,
    retry_of: generation.retryOf,
    created_at: time(generation.createdAt),
    started_at: optionalTime(generation.startedAt),
    finished_at: optionalTime(generation.finishedAt),
    deadline_at: time(generation.deadlineAt),
    deleted_at: optionalTime(generation.deletedAt),
    attempts: attempts.map(renderAttempt),
    transfers: transfers.map((transfer) => {
      const { id, type, usd, at } = renderTransfer(transfer);
      return { id, type, usd, at };
    }),
    assets: assets.map(renderAsset),
    deliveries: deliveries.map(renderDelivery),
  };
}

/** The sum over all attempts, as far as providers stated a cost. */
function costOf(attempts: readonly Attempt[]): string | null {
  const known = attempts.flatMap(({ cost }) => cost ?? []);
  return known.length === 0 ? null : formatUsd(known.reduce((sum, cost) => sum + cost, 0));
}

function renderFailure({ code, message, requestId }: GenerationFailure) {
  return { code, message, request_id: requestId };
}

function renderAsset(asset: Asset) {
  return {
    id: asset.id,
    index: asset.index,
    content_type: asset.contentType,
    bytes: asset.bytes,
    width: asset.width,
    height: asset.height,
    duration_seconds: asset.durationSeconds,
    fps: asset.fps,
    has_sound: asset.hasSound,
    sha256: asset.sha256,
    created_at: time(asset.createdAt),
    expires_at: time(asset.expiresAt),
  };
}
