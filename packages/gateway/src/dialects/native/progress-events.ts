import { type Generation, isTerminal } from '../../domain/generation.ts';
import { isoTime } from './generation-object.ts';

/** One event of a generation's life. */
export interface LifeEvent {
  /** The same whenever it is told, so that a client that comes back can say what it has seen. */
  readonly id: string;
  readonly event: 'created' | 'started' | 'progress' | 'ended';
  /** Undefined for the end, which is told with the whole generation. */
  readonly data?: object;
}

/**
 * What a client has seen: how far on in life, and which percent of the way. Ids are written so: `1`, `2`, `3.45`, `4`. Nothing has to be
 * kept for a replay, because all that can be told is in the generation itself.
 */
export interface Place {
  readonly step: number;
  readonly percent: number;
}

const NOTHING_SEEN: Place = { step: 0, percent: -1 };
export const LAST = '4';

/** Reads `Last-Event-ID`; what is none of ours counts as nothing seen. */
export function placeOf(id: string | undefined): Place {
  const match = /^([1-4])(?:\.(\d{1,3}))?$/.exec(id ?? '');
  return match === null ? NOTHING_SEEN : { step: Number(match[1]), percent: Number(match[2] ?? -1) };
}

/** What is to be told of a generation to who has seen what lies before a place, in order. */
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
