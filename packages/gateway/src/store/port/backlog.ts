import type { Micros } from '../../domain/money.ts';

/** What is unfinished now. */
export interface Backlog {
  /** Generations that have not ended, whoever has them. */
  readonly unfinished: number;
  /** Of those, the ones under a lease. */
  readonly leased: number;
  /** Holds that are neither captured nor released, and what they add up to. */
  readonly holds: number;
  readonly held: Micros;
  /** Webhooks that are to be sent yet. */
  readonly webhooks: number;
}
