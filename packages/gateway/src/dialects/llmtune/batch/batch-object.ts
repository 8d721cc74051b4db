import { type BatchResult, readBatchResult } from '../../../domain/batch-result.ts';
import { GenlockError } from '../../../domain/error.ts';
import type { Generation, Status } from '../../../domain/generation.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { Core } from '../../../gateway/core.ts';
import type { GenerationView } from '../../../gateway/dialect.ts';
import type { Asset } from '../../../store/port.ts';
import { isoTime, optionalTime } from '../times.ts';

/** What is stored of a batch besides the prompts that run: all ids in order, and the items that were not accepted. */
export interface BatchInput {
  readonly ids: readonly string[];
  readonly rejected: readonly { readonly id: string; readonly error: string }[];
}

const STATUS: Readonly<Record<Status, string>> = {
  queued: 'queued',
  running: 'running',
  succeeded: 'completed',
  failed: 'failed',
  // Only the operator can cancel a batch, and the contract has no status for it.
  canceled: 'failed',
};

/** The answer to a submission, also when it is repeated (contract section 7). */
export function acceptedObject(generation: Generation): object {
  const { ids, rejected } = inputOf(generation);
  return {
    batchId: generation.id,
    status: 'queued',
    summary: { total: ids.length, accepted: ids.length - rejected.length },
  };
}

/** Status and results, the same for reads and for the webhook. */
export async function batchObject(core: Core, { generation, assets }: GenerationView): Promise<object> {
  const { ids, rejected } = inputOf(generation);
  const accepted = ids.length - rejected.length;
  const results = await resultsOf(core, generation, assets);
  const { completed = 0, failed = 0 } = results ? summaryOf(results) : (generation.progress?.metrics ?? {});
  return {
    batchId: generation.id,
    status: STATUS[generation.status],
    summary: { total: ids.length, accepted, completed, failed },
    results: results === undefined ? [] : ids.map((id) => wireResult(id, rejected, results)),
    createdAt: isoTime(generation.createdAt),
    completedAt: optionalTime(generation.finishedAt),
  };
}

/** If the batch did not succeed, every accepted item has failed. */
async function resultsOf(
  core: Core,
  generation: Generation,
  assets: readonly Asset[],
): Promise<BatchResult | undefined> {
  const { status, request, failure } = generation;
  if (status === 'queued' || status === 'running') return undefined;
  if (status === 'succeeded') return readResult(core, assets[0]);
  const error = failure?.message ?? 'The batch was cancelled.';
  return { items: request.kind === 'batch' ? request.items.map(({ id }) => ({ id, error })) : [] };
}

const MAX_RESULT_BYTES = 64 * 1024 * 1024;

async function readResult(core: Core, asset: Asset | undefined): Promise<BatchResult> {
  const bytes = asset && (await core.blobs.readAll(asset.blob, MAX_RESULT_BYTES));
  const result = bytes && readBatchResult(bytes);
  if (result === undefined) throw new GenlockError('storage_unavailable');
  return result;
}

function summaryOf({ items }: BatchResult): { completed: number; failed: number } {
  const failed = items.filter((item) => 'error' in item).length;
  return { completed: items.length - failed, failed };
}

function wireResult(id: string, rejected: BatchInput['rejected'], { items }: BatchResult): object {
  const item = rejected.find((one) => one.id === id) ?? items.find((one) => one.id === id);
  if (item !== undefined && 'text' in item)
    return { id, text: item.text, tokens: item.inputTokens + item.outputTokens, error: null };
  return { id, text: null, tokens: 0, error: item?.error ?? 'No result.' };
}

export function batchInput(ids: readonly string[], rejected: BatchInput['rejected']): JsonObject {
  return { ids, rejected };
}

/** The cast is safe, because {@link batchInput} wrote it. */
function inputOf({ input }: Generation): BatchInput {
  return input as unknown as BatchInput;
}
