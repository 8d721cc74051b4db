/** A page of a list that is read by cursor. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface NumberedPage<T> {
  readonly data: readonly T[];
  readonly total: number;
}
