import type { Random } from './random.ts';

/** What befalls an order at the upstream that answers with the result. `once`: the first call only. */
const AT_ONCE = {
  fine: 8,
  /** The work is done and paid for, and the connection dies before the answer. */
  dropped_after_accept: 3,
  dropped_before_accept: 1,
  cut_answer: 2,
  busy_once: 2,
  failed_once: 2,
  /** The page of a proxy: nobody knows. */
  bad_gateway: 1,
  slow: 2,
  garbage: 1,
  nothing: 1,
  more_than_ordered: 1,
  refused: 1,
  account_empty_once: 1,
} as const;

/** The same for the upstream that takes the order and works on it. */
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

/** Each order has the same fates in every round with the same seed. */
export function fatesOf(
  random: Random,
  order: string,
): { readonly atOnce: FateAtOnce; readonly queued: FateInQueue } {
  const own = random.fork(order);
  return { atOnce: own.pick(AT_ONCE), queued: own.pick(QUEUED) };
}
