import type { Core } from '../../gateway/core.ts';
import type { GenerationView, Moment, WireEvent } from '../../gateway/dialect.ts';
import { generationObject, isoTime } from './generation-object.ts';

export const EVENTS = [
  'generation.created',
  'generation.started',
  'generation.succeeded',
  'generation.failed',
  'generation.canceled',
] as const;
export type EventName = (typeof EVENTS)[number];

/** The default events: the ways in which a generation can end. */
export const ENDINGS: readonly EventName[] = EVENTS.slice(2);

/** The body of a webhook, in the form that Standard Webhooks recommends: type, timestamp, data. */
export function events(core: Core, moment: Moment, view: GenerationView): readonly WireEvent[] {
  const event = eventOf(moment, view.generation.status);
  const data = generationObject(core, view);
  return [
    {
      event,
      body: (_id, createdAt) => JSON.stringify({ type: event, timestamp: isoTime(createdAt), data }),
    },
  ];
}

function eventOf(moment: Moment, status: string): EventName {
  if (moment === 'admitted') return 'generation.created';
  if (moment === 'started') return 'generation.started';
  if (status === 'succeeded') return 'generation.succeeded';
  return status === 'failed' ? 'generation.failed' : 'generation.canceled';
}
