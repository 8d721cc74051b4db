import type { Asset, Generation } from '@genlock/client';
import { formatBytes, formatFacts } from '../demo/report.ts';
import { printJson, table } from '../output.ts';
import type { OrderOnce } from './failure.ts';

export interface Saved {
  /** null: stdout. */
  readonly path: string | null;
  readonly asset: Asset;
}

/** Prints a generation as JSON, for programs. */
export function printResult(
  generation: Generation,
  saved: readonly Saved[],
  text: string | null,
  { idempotencyKey }: OrderOnce,
): void {
  const { id, model, kind, status, cost, usage, input } = generation;
  printJson({
    id,
    model,
    kind,
    status,
    ...(text !== null && { text }),
    files: saved.map(({ path, asset: { content_type, bytes, sha256, width, height, duration_seconds } }) => ({
      path,
      content_type,
      bytes,
      sha256,
      width,
      height,
      duration_seconds,
    })),
    seed: input.seed ?? null,
    usage,
    cost,
    idempotency_key: idempotencyKey,
  });
}

export function savedLines(saved: readonly Saved[]): string {
  const rows = saved.map(({ path, asset }) => [path ?? '-', formatBytes(asset.bytes), factsOf(asset)]);
  return table(['file', 'size', 'is'], rows);
}

/** For example `genlock/image gen_…: charged $0.04`. */
export function costLine({ model, id, cost, usage }: Generation): string {
  const tokens = usage?.output_tokens === undefined ? '' : `, ${usage.output_tokens} tokens written`;
  return `${model} ${id}: charged $${cost.charged_usd}${tokens}`;
}

function factsOf({ width, height, duration_seconds, fps, has_sound, content_type }: Asset): string {
  return formatFacts({
    kind: content_type.startsWith('image/') ? 'image' : width === null ? 'audio' : 'video',
    contentType: content_type,
    ...(width !== null && { width }),
    ...(height !== null && { height }),
    ...(duration_seconds !== null && { durationSeconds: duration_seconds }),
    ...(fps !== null && { fps }),
    ...(has_sound !== null && { hasSound: has_sound }),
  });
}
