import type { Generation } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import type { GenerationView, Moment, WireEvent } from '../../gateway/dialect.ts';
import { partsOf } from './models.ts';
import { toldState } from './task-object.ts';

export const EVENTS = [
  'task.created',
  'task.started',
  'task.completed',
  'task.failed',
  'task.canceled',
] as const;
type EventName = (typeof EVENTS)[number];

const ENDS = {
  succeeded: ['task.completed', 'succeeded'],
  failed: ['task.failed', 'failed'],
  canceled: ['task.canceled', 'canceled'],
} as const;

/** Marks the task of a synchronous call, for which no webhooks are sent (contract section 12). */
export const SYNCHRONOUS = { synchronous: true } as const;

/** Created, started, and one of three ends, for every accepted task (contract section 12). */
export async function events(
  core: Core,
  moment: Moment,
  { generation, assets }: GenerationView,
): Promise<readonly WireEvent[]> {
  const named = nameOf(moment, generation);
  if (named === undefined || generation.metadata?.synchronous === true) return [];
  const [event, state] = named;
  const { id, status, ...rest } = await toldState(core, generation, assets);
  const prediction = { id, state, status, ...partsOf(generation.model), input: generation.input, ...rest };
  return [
    {
      event,
      body: (_deliveryId, at) =>
        JSON.stringify({ type: event, timestamp: new Date(at).toISOString(), prediction }),
    },
  ];
}

function nameOf(moment: Moment, { status }: Generation): readonly [EventName, string] | undefined {
  if (moment === 'admitted') return ['task.created', 'queued'];
  if (moment === 'started') return ['task.started', 'running'];
  return status === 'queued' || status === 'running' ? undefined : ENDS[status];
}
