import { type Generation, isTerminal } from '../../domain/generation.ts';
import { isoTime } from './generation-object.ts';

/** One event of a generation's life. */
export interface LifeEvent {
  /** Always the same for the same event, so that a client that reconnects can tell what it has seen. */
  readonly id: string;
  readonly event: 'created' | 'started' | 'progress' | 'ended';
  /** Undefined for the end, which is sent with the whole generation. */
  readonly data?: object;
}

/**
 * What a client has seen: the step in the generation's life, and within a run the percentage. As an id: `1`, `2`, `3.45`, `4`. A replay
 * needs no stored events, because everything is in the generation itself.
 */
export interface Place {
  readonly step: number;
  readonly percent: number;
}

const NOTHING_SEEN: Place = { step: 0, percent: -1 };
export const LAST = '4';

/** Parses `Last-Event-ID`; an id that is not ours counts as nothing seen. */
export function placeOf(id: string | undefined): Place {
  const match = /^([1-4])(?:\.(\d{1,3}))?$/.exec(id ?? '');
  return match === null ? NOTHING_SEEN : { step: Number(match[1]), percent: Number(match[2] ?? -1) };
}

/** The events after a place in a generation's life, in order. */
export function eventsAfter(seen: Place, generation: Generation): readonly LifeEvent[] {
  const { id: generation_id, createdAt, startedAt, progress, status } = generation;
  const percent = progress === null ? -1 : Math.floor(progress.percent);
  const told: LifeEvent[] = [];
  if (seen.step < 1)
    told.push({
      id: '1',
      event: 'created',
      data: { generation_id, status: 'queued', at: isoTime(createdAt) },
    });
  if (seen.step < 2 && startedAt !== null)
    told.push({
      id: '2',
      event: 'started',
      data: { generation_id, status: 'running', at: isoTime(startedAt) },
    });
  if (progress !== null && (seen.step < 3 || (seen.step === 3 && seen.percent < percent)))
    told.push({
      id: `3.${percent}`,
      event: 'progress',
      data: { generation_id, percent: progress.percent, metrics: progress.metrics },
    });
  if (seen.step < 4 && isTerminal(status)) told.push({ id: LAST, event: 'ended' });
  return told;
}
