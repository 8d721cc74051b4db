export interface ClaimCommand {
  readonly worker: string;
  readonly limit: number;
  readonly now: number;
  /** The claim holds until then, unless renewed; after it anyone may claim. */
  readonly leaseUntil: number;
}

/** Names a generation that this worker has under lease. Writes with a lost lease change nothing. */
export interface Lease {
  readonly generationId: string;
  readonly worker: string;
}
