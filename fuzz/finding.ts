/** Something wrong with an answer. */
export interface Finding {
  /** What was expected. */
  readonly promise: string;
  readonly seen: string;
}
