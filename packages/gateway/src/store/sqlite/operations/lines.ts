import type { Mode } from '../../../domain/generation.ts';
import type { Room } from '../../port.ts';
import type { Connection } from '../connection.ts';

/** The waiting work of one account in one mode. */
export interface Line {
  readonly mode: Mode;
  readonly accountId: string;
}

/** The room of one claim that has not been used yet. */
export interface RoomLeft {
  of(line: Line): number;
  take(line: Line, count: number): void;
}

export function roomIn(room: Room | undefined): RoomLeft {
  if (room === undefined) return { of: () => Number.POSITIVE_INFINITY, take: () => {} };
  const accounts = new Map(Object.entries(room.accounts));
  let { test } = room;
  const ofAccount = (accountId: string): number => accounts.get(accountId) ?? room.each;
  return {
    of: ({ mode, accountId }) => Math.min(ofAccount(accountId), mode === 'test' ? test : Infinity),
    take({ mode, accountId }, count) {
      accounts.set(accountId, ofAccount(accountId) - count);
      if (mode === 'test') test -= count;
    },
  };
}

interface Head {
  readonly account_id: string;
  readonly due_at: number;
}

/**
 * The most lines that one claim looks at, so that it does not keep the lock for long if most lines only have work for later. The next claim
 * continues from there.
 */
const MOST_LOOKS = 256;
/** Sorts before every line, since all lines have an account. */
const START: Line = { mode: 'live', accountId: '' };
/** The line that was looked at last. Losing it, with the process or by a rollback, does no harm: lines still take turns. */
const turns = new WeakMap<Connection, Line>();

/** The lines whose turn it is and that have due work and room, at most `wanted`. */
export function dueLines(db: Connection, now: number, wanted: number, room: RoomLeft): Line[] {
  const found: Line[] = [];
  const turn = turns.get(db) ?? START;
  let at = turn;
  let round = false;
  for (let looks = 0; looks < MOST_LOOKS && found.length < wanted; looks += 1) {
    const next = lineAfter(db, at);
    if (round && (next === undefined || isAfter(next.line, turn))) break;
    round ||= next === undefined;
    at = next?.line ?? START;
    if (next !== undefined && next.dueAt <= now && room.of(at) > 0) found.push(at);
    if (round && isSame(at, turn)) break;
  }
  turns.set(db, at);
  return found;
}

function lineAfter(db: Connection, { mode, accountId }: Line): { line: Line; dueAt: number } | undefined {
  const head = headAfter(db, mode, accountId);
  if (head !== undefined) return { line: { mode, accountId: head.account_id }, dueAt: head.due_at };
  return mode === 'live' ? lineAfter(db, { mode: 'test', accountId: '' }) : undefined;
}

/** One step along an index, over the whole of the previous line. With `(mode, account_id) > (?, ?)` SQLite would read that whole line. */
function headAfter(db: Connection, mode: Mode, accountId: string): Head | undefined {
  return db.get<Head>(
    `SELECT account_id, due_at FROM generations
     WHERE worker IS NULL AND finished_at IS NULL AND mode = ? AND account_id > ?
     ORDER BY account_id, due_at LIMIT 1`,
    mode,
    accountId,
  );
}

function isSame(line: Line, turn: Line): boolean {
  return line.accountId === turn.accountId && line.mode === turn.mode;
}

function isAfter(line: Line, turn: Line): boolean {
  return line.mode === turn.mode ? line.accountId > turn.accountId : line.mode > turn.mode;
}
