export interface ClaimCommand {
  readonly worker: string;
  readonly limit: number;
  readonly now: number;
  /** The claim lasts until then unless it is renewed; after that anyone may claim. */
  readonly leaseUntil: number;
}

/** How much more work a worker takes, and from whom. */
export interface Room {
  /** From any one account. */
  readonly each: number;
  /** Lower limits, by id, for accounts that the worker already has much work of. */
  readonly accounts: Readonly<Record<string, number>>;
  /** From all test-mode work together. */
  readonly test: number;
}

export interface ClaimWork extends ClaimCommand {
  /** Absent: no limit but `limit`. */
  readonly room?: Room;
}

/** Names a generation that this worker has under a lease. Writes under a lost lease change nothing. */
export interface Lease {
  readonly generationId: string;
  readonly worker: string;
}
