import type { Attempt, Generation, Progress } from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import type { EndAttempt, Route, RouteRef } from '../../store/port.ts';
import type { Core } from '../core.ts';
import type { Held } from '../routes/provider-set.ts';
import type { Place } from './places.ts';

/** Why a run was stopped. At `deadline` this process fails the generation; for the other reasons the end is written elsewhere. */
export type StopReason = 'deadline' | 'canceled' | 'lease_lost' | 'draining';

/** A claimed generation while a worker takes it one step on. */
export interface Job {
  readonly core: Core;
  readonly generation: Generation;
  readonly attempts: readonly Attempt[];
  /** In the order in which this generation tries them. */
  readonly routes: readonly Route[];
  readonly worker: string;
  readonly stop: AbortController;
  /** Waits without occupying one of the worker's places. */
  readonly rest: Place['rest'];
  /** The provider of the attempt under way, held until the run is over: its name may lead elsewhere by now. */
  held: Held | undefined;
  /** The attempt under way was broken off by the end of the process that began it. */
  readonly brokenOff: boolean;
  /** The upstream's id of the attempt under way, once it is known. */
  upstreamId: string | null;
  /** Of the attempt under way: the operator's cost as the provider stated it, and how many calls were lost. */
  cost?: Micros | undefined;
  lostCalls: number;
  /** Why the attempt delivered less than was ordered, if it delivered something. */
  shortfall?: EndAttempt['error'];
  /** The last progress that the provider reported; it is stored with the end. */
  progress: Progress | null;
}

/** The attempt under way: its number, and where it is made. */
export interface Current extends RouteRef {
  readonly n: number;
  readonly startedAt: number;
}
