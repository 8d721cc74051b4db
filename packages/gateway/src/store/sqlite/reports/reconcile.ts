import type { ReconcileReport } from '../../port.ts';
import type { Connection } from '../connection.ts';

/** The most findings of a kind that are described in words; drift and counts are always complete. */
const TOLD = 100;

/** Adds up the whole ledger again and compares it with everything stored beside it. Aggregates in SQL, so it needs little memory. */
export function reconcile(db: Connection): ReconcileReport {
  const balances = wrongBalances(db);
  return {
    accounts: db.get<{ n: number }>('SELECT count(*) AS n FROM accounts')?.n ?? 0,
    openHolds: db.get<{ n: number }>(`SELECT count(*) AS n FROM (${OPEN_HOLDS})`)?.n ?? 0,
    drift: balances.drift,
    findings: [
      ...balances.findings,
      ...tell(
        db,
        UNFINISHED_WITHOUT_HOLD,
        (row) =>
          `generation ${row.id} is ${row.status} with a quote of ${row.expected} but holds ${row.actual}`,
      ),
      ...tell(
        db,
        FINISHED_WITH_HOLD,
        (row) => `generation ${row.id} is ${row.status} but still holds ${row.actual}`,
      ),
      ...tell(
        db,
        WRONG_CHARGES,
        (row) => `generation ${row.id} is charged ${row.expected} but ${row.actual} was captured`,
      ),
      ...tell(
        db,
        WRONG_SLOTS,
        (row) => `slot ${row.id} counts ${row.actual} but ${row.expected} generations are unfinished`,
      ),
    ],
  };
}

interface Finding {
  readonly id: string;
  readonly status: string;
  readonly expected: number;
  readonly actual: number;
}

function tell(db: Connection, query: string, words: (row: Finding) => string): readonly string[] {
  const rows = db.all<Finding>(`${query} LIMIT ${TOLD + 1}`);
  const told = rows.slice(0, TOLD).map(words);
  return rows.length > TOLD ? [...told, 'there are more of this kind'] : told;
}

// Balances: the sums of each account's transfers, compared with what is stored on the account.

const sum = (bucket: 'subscription' | 'permanent', signs: Readonly<Record<string, 1 | -1>>) =>
  `coalesce(sum(CASE type ${Object.entries(signs)
    .map(([type, sign]) => `WHEN '${type}' THEN ${sign === 1 ? '' : '-'}${bucket}`)
    .join(' ')} ELSE 0 END), 0)`;

const FUNDS = { top_up: 1, refund: 1, adjustment: 1, capture: -1 } as const;
const HELD = { hold: 1, capture: -1, release: -1 } as const;

export const COLUMNS = [
  'subscription_funds',
  'permanent_funds',
  'subscription_held',
  'permanent_held',
] as const;

export const BALANCES = `
  WITH added AS (
    SELECT account_id,
      ${sum('subscription', FUNDS)} AS subscription_funds, ${sum('permanent', FUNDS)} AS permanent_funds,
      ${sum('subscription', HELD)} AS subscription_held, ${sum('permanent', HELD)} AS permanent_held
    FROM transfers GROUP BY account_id)
  SELECT a.id, ${COLUMNS.map((c) => `a.${c} AS ${c}, coalesce(t.${c}, 0) AS added_${c}`).join(', ')}
  FROM accounts a LEFT JOIN added t ON t.account_id = a.id
  WHERE ${COLUMNS.map((c) => `a.${c} <> coalesce(t.${c}, 0)`).join(' OR ')}`;

export type BalanceRow = { readonly id: string } & {
  readonly [column in (typeof COLUMNS)[number] | `added_${(typeof COLUMNS)[number]}`]: number;
};

function wrongBalances(db: Connection): { drift: number; findings: string[] } {
  let drift = 0;
  const findings: string[] = [];
  for (const row of db.iterate<BalanceRow>(BALANCES)) {
    for (const column of COLUMNS) {
      const difference = row[column] - row[`added_${column}`];
      drift += Math.abs(difference);
      if (difference !== 0 && findings.length < TOLD)
        findings.push(
          `account ${row.id}: ${column} is ${row[column]} but the ledger adds up to ${row[`added_${column}`]}`,
        );
    }
  }
  return { drift, findings };
}

// Holds: what each generation still holds according to its own transfers.

const HOLDS = `
  SELECT generation, count(*) FILTER (WHERE type = 'hold') AS holds,
    ${sum('subscription', HELD)} AS subscription, ${sum('permanent', HELD)} AS permanent
  FROM transfers WHERE type IN ('hold', 'capture', 'release') GROUP BY generation`;

const OPEN_HOLDS = `SELECT generation FROM (${HOLDS}) WHERE subscription <> 0 OR permanent <> 0`;

/**
 * Unfinished generations whose open hold is not their quote: each must have its hold and nothing released or captured, so that nothing is
 * given back twice.
 */
const UNFINISHED_WITHOUT_HOLD = `
  SELECT g.id, g.status, g.quote AS expected, coalesce(h.subscription + h.permanent, 0) AS actual
  FROM generations g LEFT JOIN (
    SELECT t.generation, ${sum('subscription', HELD)} AS subscription, ${sum('permanent', HELD)} AS permanent
    FROM generations o JOIN transfers t ON t.generation = o.seq AND t.type IN ('hold', 'capture', 'release')
    WHERE o.finished_at IS NULL GROUP BY t.generation) h ON h.generation = g.seq
  WHERE g.finished_at IS NULL AND g.quote <> coalesce(h.subscription + h.permanent, 0)`;

const FINISHED_WITH_HOLD = `
  SELECT g.id, g.status, 0 AS expected, abs(h.subscription) + abs(h.permanent) AS actual
  FROM (${HOLDS}) h JOIN generations g ON g.seq = h.generation
  WHERE g.finished_at IS NOT NULL AND (h.subscription <> 0 OR h.permanent <> 0 OR h.holds <> 1)`;

const WRONG_CHARGES = `
  SELECT g.id, g.status, g.charged AS expected, coalesce(t.subscription + t.permanent, 0) AS actual
  FROM generations g LEFT JOIN transfers t ON t.generation = g.seq AND t.type = 'capture' AND t.type IN ('hold', 'capture', 'release')
  WHERE g.finished_at IS NOT NULL AND g.charged IS NOT coalesce(t.subscription + t.permanent, 0)`;

// Slots: the counters, compared with the unfinished generations that took them.

export const WRONG_SLOTS = `
  WITH taken AS (
    SELECT s.value AS name, count(*) AS n FROM generations g, json_each(g.slots) s
    WHERE g.finished_at IS NULL AND g.slots IS NOT NULL GROUP BY s.value)
  SELECT coalesce(s.name, t.name) AS id, '' AS status, coalesce(t.n, 0) AS expected, coalesce(s.used, 0) AS actual
  FROM slots s FULL JOIN taken t ON t.name = s.name
  WHERE coalesce(t.n, 0) <> coalesce(s.used, 0)`;
