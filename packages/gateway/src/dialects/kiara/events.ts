import type { Core } from '../../gateway/core.ts';
import type { GenerationView, Moment, WireEvent } from '../../gateway/dialect.ts';
import { generationObject, isoTime } from './generation-object.ts';

/** One event for each job, when it has completed or failed; the contract lists none for canceled jobs (section 14). */
export function events(core: Core, moment: Moment, view: GenerationView): readonly WireEvent[] {
  if (moment !== 'ended') return [];
  const type = eventOf(view.generation.status);
  if (type === undefined) return [];
  const data = generationObject(core, view);
  return [
    {
      event: type,
      body: (id, createdAt) => JSON.stringify({ id, type, created_at: isoTime(createdAt), data }),
    },
  ];
}

function eventOf(status: string): string | undefined {
  if (status === 'succeeded') return 'generation.completed';
  if (status === 'failed') return 'generation.failed';
  return undefined;
}
