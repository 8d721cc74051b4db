import type { Random } from './random.ts';

/** What happens to an order at the upstream that answers with the result. `once`: only to the first call. */
const AT_ONCE = {
  fine: 8,
  /** The work is done and has to be paid, and the connection breaks before the answer. */
  dropped_after_accept: 3,
  dropped_before_accept: 1,
  cut_answer: 2,
  busy_once: 2,
  failed_once: 2,
  /** A proxy's error page: the fate is unknown. */
  bad_gateway: 1,
  slow: 2,
  garbage: 1,
  nothing: 1,
  more_than_ordered: 1,
  refused: 1,
  account_empty_once: 1,
} as const;

/** The same for the upstream that accepts orders and works on them. */
const QUEUED = {
  fine: 8,
  dropped_after_accept: 3,
  dropped_before_accept: 1,
  busy_once: 2,
  states_out_of_order: 2,
  unknown_states: 2,
  trouble_asking: 3,
  failed_once: 2,
  late_file: 2,
  garbage: 1,
  never_ends: 1,
} as const;

export type FateAtOnce = keyof typeof AT_ONCE;
export type FateInQueue = keyof typeof QUEUED;

/** With the same seed, an order has the same fates in every round. */
export function fatesOf(
  random: Random,
  order: string,
): { readonly atOnce: FateAtOnce; readonly queued: FateInQueue } {
  const own = random.fork(order);
  return { atOnce: own.pick(AT_ONCE), queued: own.pick(QUEUED) };
}
