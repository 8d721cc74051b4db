import type { Micros } from '../../domain/money.ts';

/** The unfinished work at the moment. */
export interface Backlog {
  /** Generations that have not ended, under a lease or not. */
  readonly unfinished: number;
  /** The part of `unfinished` that is under a lease. */
  readonly leased: number;
  /** Holds that are neither captured nor released: their number and their sum. */
  readonly holds: number;
  readonly held: Micros;
  /** Webhooks that are still to be sent. */
  readonly webhooks: number;
}
