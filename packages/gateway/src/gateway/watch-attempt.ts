import type { GenlockError } from '../domain/error.ts';
import type { Generation } from '../domain/generation.ts';
import type { RouteRef } from '../store/port.ts';
import type { Core } from './core.ts';
import { type AttemptEnd, observeAttempt } from './observe.ts';
import { endOf } from './run/end.ts';

/** Follows one attempt for those who look on. The first end counts. */
export interface AttemptWatch {
  succeeded(): void;
  failed(error: GenlockError): void;
  /** Somebody else ends it: it was canceled, or goes on in another process. */
  stopped(reason: unknown): void;
}

export function watchAttempt(core: Core, generation: Generation, route: RouteRef): AttemptWatch {
  const startedAt = core.now();
  let ended = false;
  const end = (how: AttemptEnd): void => {
    if (ended) return;
    ended = true;
    observeAttempt(core, generation, route, { ...how, tookMs: core.now() - startedAt });
  };
  return {
    succeeded: () => end({ outcome: 'succeeded' }),
    failed: (error) => end(howOf(error)),
    stopped: (reason) => {
      if (reason === 'canceled') end({ outcome: 'canceled' });
    },
  };
}

/** An attempt whose process died of it, as the next one finds it. */
export function observeLost(core: Core, generation: Generation, route: RouteRef, error: GenlockError): void {
  observeAttempt(core, generation, route, howOf(error));
}

function howOf(error: GenlockError): AttemptEnd {
  return { outcome: endOf(0, error).outcome, code: error.code };
}
