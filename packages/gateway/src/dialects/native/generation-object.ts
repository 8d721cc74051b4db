import { canonicalErrors } from '@genlock/contracts';
import { type Generation, isTerminal } from '../../domain/generation.ts';
import { formatUsd } from '../../domain/money.ts';
import type { Core } from '../../gateway/core.ts';
import type { GenerationView } from '../../gateway/dialect.ts';
import { assetObject } from './asset-object.ts';

/** RFC 3339, UTC, to the millisecond. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function optionalTime(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}

/**
 * A generation, whatever dialect it was made in. `text` is the output of a text model, if it was read for this answer; lists and webhooks
 * only link to it.
 */
export function generationObject(core: Core, view: GenerationView, text: string | null = null): object {
  const { generation, assets } = view;
  return {
    id: generation.id,
    object: 'generation',
    dialect: generation.dialect,
    model: generation.model,
    kind: generation.kind,
    mode: generation.mode,
    status: generation.status,
    input: generation.input,
    metadata: generation.metadata,
    output:
      generation.status === 'succeeded'
        ? { assets: assets.map((one) => assetObject(core, one)), text }
        : null,
    error: errorObject(generation),
    progress: generation.progress,
    usage: usageObject(generation),
    cost: costObject(generation),
    retry_of: generation.retryOf,
    created_at: isoTime(generation.createdAt),
    started_at: optionalTime(generation.startedAt),
    finished_at: optionalTime(generation.finishedAt),
  };
}

function errorObject({ failure }: Generation): object | null {
  if (failure === null) return null;
  const { code, message, requestId } = failure;
  const { blame, retry } = canonicalErrors[code];
  return { code, message, blame, retry, request_id: requestId };
}

/** What was delivered, as the charge counts it. */
function usageObject({ delivered }: Generation): object | null {
  if (delivered === null) return null;
  const { images, seconds, characters, inputTokens, outputTokens } = delivered;
  return {
    ...(images !== undefined && { images }),
    ...(seconds !== undefined && { seconds }),
    ...(characters !== undefined && { characters }),
    ...(inputTokens !== undefined && { input_tokens: inputTokens }),
    ...(outputTokens !== undefined && { output_tokens: outputTokens }),
  };
}

/** The quote is what was held and the most that is charged. Then what is held now, what was charged, and what was released. */
function costObject({ quote, charged, status }: Generation): object {
  const ended = isTerminal(status);
  const spent = charged ?? 0;
  return {
    quoted_usd: formatUsd(quote),
    held_usd: formatUsd(ended ? 0 : quote),
    charged_usd: formatUsd(spent),
    released_usd: formatUsd(ended ? quote - spent : 0),
  };
}
