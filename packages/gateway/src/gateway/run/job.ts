import type { Attempt, Generation, Progress } from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import type { EndAttempt, Route, RouteRef } from '../../store/port.ts';
import type { Core } from '../core.ts';
import type { Held } from '../routes/provider-set.ts';
import type { Place } from './places.ts';

/** Why a run was stopped. After `deadline` it is failed here; otherwise its end is, or will be, somebody else's. */
export type StopReason = 'deadline' | 'canceled' | 'lease_lost' | 'draining';

/** A claimed generation on its way through one step. */
export interface Job {
  readonly core: Core;
  readonly generation: Generation;
  readonly attempts: readonly Attempt[];
  /** In the order in which this generation tries them. */
  readonly routes: readonly Route[];
  readonly worker: string;
  readonly stop: AbortController;
  /** Waits without one of the worker's places. */
  readonly rest: Place['rest'];
  /** The provider of the attempt that is under way, until the run is over: its name may lead elsewhere by then. */
  held: Held | undefined;
  /** What the upstream calls the attempt that is under way, once it is known. */
  upstreamId: string | null;
  /** Of the same attempt: what it costs the operator, as far as the provider told, and how many of its calls were lost. */
  cost?: Micros | undefined;
  lostCalls: number;
  /** Why the attempt brought less than was ordered, where it brought something. */
  shortfall?: EndAttempt['error'];
  /** What the provider told last: the end is told with it. */
  progress: Progress | null;
}

/** The attempt that is being made: which one, and where. */
export interface Current extends RouteRef {
  readonly n: number;
  readonly startedAt: number;
}
