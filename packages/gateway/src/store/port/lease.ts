export interface ClaimCommand {
  readonly worker: string;
  readonly limit: number;
  readonly now: number;
  /** The claim holds until then, unless renewed; after it anyone may claim. */
  readonly leaseUntil: number;
}

/** How many more a worker takes of whom. */
export interface Room {
  /** Of any one account. */
  readonly each: number;
  /** Of accounts that it has much of already, by id. */
  readonly accounts: Readonly<Record<string, number>>;
  /** Of all test-mode work together. */
  readonly test: number;
}

export interface ClaimWork extends ClaimCommand {
  /** Absent: as many as there are. */
  readonly room?: Room;
}

/** Names a generation that this worker has under lease. Writes with a lost lease change nothing. */
export interface Lease {
  readonly generationId: string;
  readonly worker: string;
}
