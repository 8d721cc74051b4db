import type { Core } from '../../gateway/core.ts';
import type { GenerationView, Moment, WireEvent } from '../../gateway/dialect.ts';
import type { PublishedModel } from '../../store/port.ts';
import { batchObject } from './batch/batch-object.ts';
import { NAME, publicBase } from './links.ts';
import { fineTunedId, languageModel } from './models.ts';
import { isoTime } from './times.ts';
import { errorOf } from './training/training-object.ts';

export const EVENTS = [
  'training.started',
  'training.completed',
  'training.failed',
  'model.deployed',
  'batch.completed',
] as const;

/**
 * The webhooks (contract sections 7 and 12): start and end of a training job (with one event for failed and cancelled), the new model, and
 * the end of a batch.
 */
export function events(
  core: Core,
  moment: Moment,
  view: GenerationView,
): readonly WireEvent[] | Promise<readonly WireEvent[]> {
  const { kind } = view.generation;
  if (kind === 'training') return trainingEvents(core, moment, view);
  if (kind === 'batch' && moment === 'ended') return batchEvents(core, view);
  return [];
}

async function batchEvents(core: Core, view: GenerationView): Promise<readonly WireEvent[]> {
  return [event('batch.completed', await batchObject(core, view))];
}

function trainingEvents(core: Core, moment: Moment, { generation }: GenerationView): readonly WireEvent[] {
  const { id, model, status, progress } = generation;
  const job = { jobId: id, modelName: model };
  if (moment === 'started') return [event('training.started', job)];
  if (moment !== 'ended') return [];
  const metrics = progress?.metrics ?? null;
  if (status !== 'succeeded') {
    const error = errorOf(generation) ?? 'The job was cancelled.';
    return [event('training.failed', { ...job, error, metrics })];
  }
  const modelId = fineTunedId(model, id);
  return [
    event('training.completed', { ...job, modelId, metrics }),
    event('model.deployed', { modelId, jobId: id, endpoint: endpointOf(core, modelId) }),
  ];
}

/** Where the new model can be called. */
function endpointOf(core: Core, modelId: string): object {
  const base = publicBase(core);
  return {
    status: 'active',
    url: `${base}/v1/models/${encodeURIComponent(modelId)}/inference`,
    chatUrl: `${base}/v1/chat/completions`,
  };
}

function event(name: (typeof EVENTS)[number], data: object): WireEvent {
  return {
    event: name,
    body: (_id, createdAt) => JSON.stringify({ event: name, data, timestamp: isoTime(createdAt) }),
  };
}

/** The model that a training job made: its own file, run by the provider that trained it, at the price of its base. */
export function publishes({ generation, assets }: GenerationView): PublishedModel | undefined {
  const [artifact] = assets;
  if (generation.kind !== 'training' || artifact === undefined) return undefined;
  const id = fineTunedId(generation.model, generation.id);
  return {
    dialect: NAME,
    id,
    accountId: generation.accountId,
    name: languageModel(id)?.name ?? id,
    kind: 'text',
    base: generation.model,
    route: { provider: 'sandbox', model: `ngram:${artifact.blob}` },
    createdAt: artifact.createdAt,
  };
}
