import { type Funds, subtract, take } from '../../../domain/funds.ts';
import type {
  AdmitCommand,
  AdmitResult,
  IdempotencyClaim,
  InlineStart,
  NewDelivery,
  SlotClaim,
} from '../../port.ts';
import type { Connection, SqlValue } from '../connection.ts';
import { bodyValues, generationValues, INSERT_BODY, INSERT_GENERATION } from '../rows/generations.ts';
import { insertAttempt } from './attempts.ts';
import { insertDeliveries } from './deliveries.ts';
import { consultIdempotency, recordIdempotency } from './idempotency.ts';
import { accountFunds, insertTransfer } from './ledger.ts';

/** The parts of a generation that the decision needs. */
interface Candidate {
  readonly accountId: string;
  readonly quote: number;
  readonly createdAt: number;
  readonly slots: readonly SlotClaim[];
  readonly idempotency: IdempotencyClaim | undefined;
}

/**
 * An admission in the form that crosses to the writer's thread. The long fields are already JSON text: handing over a flat list of strings
 * is several times cheaper than handing over objects, and the writer is the busier of the two threads.
 */
export interface PreparedAdmit extends Candidate {
  readonly id: string;
  readonly generation: readonly SqlValue[];
  readonly body: readonly SqlValue[];
  readonly start: InlineStart | undefined;
  readonly deliveries: readonly NewDelivery[];
}

export function prepareAdmit(command: AdmitCommand): PreparedAdmit {
  const { generation, start, deliveries } = command;
  return {
    ...candidate(command),
    id: generation.id,
    generation: generationValues(command),
    body: bodyValues(generation),
    start,
    deliveries,
  };
}

/**
 * Idempotency, slots, credits, insert. Safe under concurrency because all of it runs under SQLite's single write lock (BEGIN IMMEDIATE):
 * what the decision has read cannot change before the inserts. Even if the code were wrong, the CHECKs on accounts and the UNIQUE digest
 * would refuse the transaction.
 */
export function admit(db: Connection, command: PreparedAdmit): AdmitResult {
  const decision = decide(db, command);
  if (decision.kind !== 'admitted') return decision;

  const { accountId, createdAt, hold, idempotency } = { ...command, hold: decision.hold };
  const seq = db.insert(INSERT_GENERATION, ...command.generation);
  db.run(INSERT_BODY, seq, ...command.body);
  if (hold !== undefined) {
    db.run(
      `UPDATE accounts SET subscription_held = subscription_held + ?, permanent_held = permanent_held + ? WHERE id = ?`,
      hold.subscription,
      hold.permanent,
      accountId,
    );
    insertTransfer(db, {
      accountId,
      type: 'hold',
      funds: hold,
      generation: seq,
      reference: null,
      at: createdAt,
    });
  }
  for (const { slot } of command.slots)
    db.run(
      'INSERT INTO slots (name, used) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET used = used + 1',
      slot,
    );
  if (command.start !== undefined) insertAttempt(db, seq, { ...command.start, n: 1, now: createdAt });
  if (idempotency !== undefined) recordIdempotency(db, idempotency, command.id, createdAt);
  insertDeliveries(db, command.deliveries, seq);
  return { kind: 'admitted' };
}

/** The same decision in one snapshot of what is committed, on a connection that cannot write. */
export function rehearseAdmit(db: Connection, command: Omit<AdmitCommand, 'deliveries'>): AdmitResult {
  const decision = db.snapshot(() => decide(db, candidate(command)));
  return decision.kind === 'admitted' ? { kind: 'admitted' } : decision;
}

type Decision =
  | Exclude<AdmitResult, { kind: 'admitted' }>
  | { readonly kind: 'admitted'; readonly hold: Funds | undefined };

function decide(db: Connection, candidate: Candidate): Decision {
  const { accountId, quote, createdAt, slots, idempotency } = candidate;
  const earlier = idempotency && consultIdempotency(db, idempotency, createdAt);
  if (earlier !== undefined) return earlier;

  for (const { slot, max, refusal } of slots) {
    const used = db.get<{ used: number }>('SELECT used FROM slots WHERE name = ?', slot)?.used ?? 0;
    if (used >= max) return { kind: 'slots_full', refusal };
  }

  if (quote === 0) return { kind: 'admitted', hold: undefined };
  const balance = accountFunds(db, accountId);
  const hold = balance && take(subtract(balance.funds, balance.held), quote);
  return hold === undefined ? { kind: 'insufficient_credits' } : { kind: 'admitted', hold };
}

function candidate({ generation, slots, idempotency }: Omit<AdmitCommand, 'deliveries'>): Candidate {
  const { accountId, quote, createdAt } = generation;
  return { accountId, quote, createdAt, slots, idempotency };
}
