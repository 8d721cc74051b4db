import type { Status } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import type { GenerationView, Moment, WireEvent } from '../../gateway/dialect.ts';
import { preciseTime, predictionObject } from './prediction-object.ts';

interface EventNames {
  /** Names of the v1 reference: sent in an envelope. */
  readonly v1: readonly string[];
  /** Names of the SDK and older pages: the bare prediction is sent. The first name of each list is the one that we send. */
  readonly short: readonly string[];
}

/** Contract section 8; both spellings of a cancellation are accepted. */
const STARTED: EventNames = { v1: ['prediction.started'], short: ['started'] };
const ENDED: { readonly [status in Status]?: EventNames } = {
  succeeded: { v1: ['prediction.succeeded'], short: ['completed'] },
  failed: { v1: ['prediction.failed'], short: ['failed'] },
  canceled: {
    v1: ['prediction.cancelled', 'prediction.canceled'],
    short: ['canceled', 'cancelled'],
  },
};

/**
 * At most one event per moment, in the form that the subscriber's names select: the v1 envelope if any of them is `prediction.*`, else the
 * bare prediction. Without names: every end and no start.
 */
export function events(core: Core, moment: Moment, view: GenerationView): readonly WireEvent[] {
  if (moment === 'admitted') return [];
  const names = moment === 'started' ? STARTED : ENDED[view.generation.status];
  const wanted = view.generation.webhook?.events ?? [];
  const all = names === undefined ? [] : [...names.v1, ...names.short];
  const event = wanted.find((name) => all.includes(name));
  if (names === undefined || (event === undefined && (wanted.length > 0 || moment === 'started'))) return [];

  const data = predictionObject(core, view, moment === 'started' ? 'started' : undefined);
  const enveloped = wanted.some((name) => name.startsWith('prediction.'));
  return [
    {
      event: event ?? names.short[0] ?? '',
      body: (_id, createdAt) =>
        JSON.stringify(enveloped ? { type: names.v1[0], created_at: preciseTime(createdAt), data } : data),
    },
  ];
}
