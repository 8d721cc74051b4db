import type { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { RouteRef } from '../../store/port.ts';
import type { Span } from '../../telemetry/traces.ts';
import type { Core } from '../core.ts';
import { type AttemptEnd, observeAttempt } from '../metrics/observe.ts';
import { endOf } from './end.ts';

/** Reports one attempt to logs, metrics and traces. Only the first end counts. */
export interface AttemptWatch {
  /** The provider is about to be called. Returns the trace context to send with the call. */
  calls(): string | undefined;
  /** The provider has done its part. */
  answered(): void;
  succeeded(): void;
  failed(error: GenlockError): void;
  /** The attempt is ended elsewhere: it was canceled, or another process continues it. */
  stopped(reason: unknown): void;
}

/** Begins the span of an attempt, and counts how it ends and how long it took. */
export function watchAttempt(core: Core, generation: Generation, route: RouteRef): AttemptWatch {
  const { traces } = core;
  const startedAt = core.now();
  const span = traces.begin('attempt', 'internal', generation.traceparent ?? undefined);
  if (traces.enabled) describe(span, generation, route);
  let call: Span | undefined;
  let ended = false;
  const close = (error?: string): void => {
    if (ended) return;
    ended = true;
    call?.end(error);
    span.end(error);
  };
  const end = (how: AttemptEnd): void => {
    if (ended) return;
    close(how.code);
    observeAttempt(core, generation, route, { ...how, tookMs: core.now() - startedAt });
  };
  return {
    calls() {
      call = traces.begin(traces.enabled ? `call ${route.provider}` : '', 'client', span.traceparent);
      if (traces.enabled) describe(call, generation, route);
      return call.traceparent;
    },
    answered() {
      call?.end();
      call = undefined;
    },
    succeeded: () => end({ outcome: 'succeeded' }),
    failed: (error) => end(howOf(error)),
    stopped: (reason) => {
      if (reason === 'canceled') end({ outcome: 'canceled' });
      else close();
    },
  };
}

function describe(span: Span, { id, dialect }: Generation, { provider, model }: RouteRef): void {
  span.set('genlock.generation', id);
  span.set('genlock.dialect', dialect);
  span.set('genlock.provider', provider);
  span.set('genlock.model', model);
}

/** Counts an attempt whose process died, when another process finds it. */
export function observeLost(core: Core, generation: Generation, route: RouteRef, error: GenlockError): void {
  observeAttempt(core, generation, route, howOf(error));
}

function howOf(error: GenlockError): AttemptEnd {
  return { outcome: endOf(0, error).outcome, code: error.code };
}
