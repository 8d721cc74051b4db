import { NO_FUNDS } from '../../domain/funds.ts';
import type { Generation, Status } from '../../domain/generation.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Core } from '../../gateway/core.ts';
import { assetsOf } from '../../gateway/files/with-assets.ts';
import type { Asset } from '../../store/port.ts';
import { type Credits, spentOn, toCredits } from './credits.ts';
import { type Failure, failureOf } from './errors.ts';
import { fileName, fileUrl } from './links.ts';

const STATUS = {
  queued: 'IN_QUEUE',
  running: 'IN_PROGRESS',
  succeeded: 'COMPLETED',
  failed: 'FAILED',
  canceled: 'CANCELED',
} as const satisfies Record<Status, string>;
export type WireStatus = (typeof STATUS)[Status];

/** The part of a task that all channels show: the answer to a create, a read, a stream, a webhook. */
export interface TaskState extends Partial<Failure> {
  readonly id: string;
  readonly status: WireStatus;
  readonly data: object | null;
  readonly usage: Credits;
}

/** The present state of a task. `usage` is its cost as far as it is known: at first the hold, then what was captured of it. */
export async function taskState(
  core: Core,
  generation: Generation,
  files?: readonly Asset[],
): Promise<TaskState> {
  const { id, status, failure } = generation;
  const done = status === 'succeeded';
  const assets = files ?? (await assetsOf(core, generation));
  const transfers = generation.quote > 0 ? await core.store.transfersOf(id) : [];
  return {
    id,
    status: STATUS[status],
    data: done ? dataOf(core, generation, assets) : null,
    usage: toCredits(core, spentOn(generation, transfers)),
    ...(failure !== null && failureOf(generation, failure)),
  };
}

/** A task as in streams and webhooks: its usage is zero until it has ended (contract section 7). */
export async function toldState(
  core: Core,
  generation: Generation,
  files?: readonly Asset[],
): Promise<TaskState> {
  const { id, status } = generation;
  if (status === 'queued' || status === 'running')
    return { id, status: STATUS[status], data: null, usage: toCredits(core, NO_FUNDS) };
  return taskState(core, generation, files);
}

/** The answer to a create and, with `data`, to a read (contract sections 4 and 6). */
export function createdObject({ id, status, usage }: TaskState, input: JsonObject): object {
  return { id, status, input, usage };
}

export function taskObject({ id, status, ...rest }: TaskState, input: JsonObject): object {
  return { id, status, input, ...rest };
}

/** Depends on what was made (contract section 6). */
function dataOf(core: Core, { kind, input }: Generation, assets: readonly Asset[]): object {
  const actual_prompt = typeof input.prompt === 'string' ? input.prompt : '';
  const n = assets.length;
  if (kind === 'image') {
    const images = assets.map((asset) => ({
      ...fileObject(core, asset),
      width: asset.width,
      height: asset.height,
    }));
    return { type: 'image', n, actual_prompt, images, image: images[0] ?? null };
  }
  if (kind === 'speech') return { type: 'audio', n, ...audioObject(core, assets[0]) };
  const videos = assets.map((asset) => ({
    ...fileObject(core, asset),
    width: asset.width,
    height: asset.height,
    duration: asset.durationSeconds,
  }));
  return { type: 'video', n, actual_prompt, videos, video: videos[0] ?? null };
}

function fileObject(core: Core, asset: Asset) {
  return { url: fileUrl(core, asset), file_name: fileName(asset), content_type: asset.contentType };
}

/** The same members as in the answer of the synchronous call. */
export function audioObject(core: Core, asset: Asset | undefined): object {
  if (asset === undefined) return { audio_url: null, audio: null };
  const url = fileUrl(core, asset);
  return { audio_url: url, audio: { url, content_type: asset.contentType, duration: asset.durationSeconds } };
}
