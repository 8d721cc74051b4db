import { describe, expect, it } from 'vitest';
import * as fixtures from '../conformance/fixtures.ts';
import { Connection } from './connection.ts';
import { encodeCursor } from './cursor.ts';
import { migrate } from './migrate.ts';
import { prepareAdmit } from './operations/admit.ts';
import { perform, type Task } from './operations/index.ts';
import * as accounts from './reads/accounts.ts';
import * as assets from './reads/assets.ts';
import * as attempts from './reads/attempts.ts';
import { auditEntries } from './reads/audit.ts';
import { backlog } from './reads/backlog.ts';
import * as generations from './reads/generations.ts';
import * as ledger from './reads/ledger.ts';
import * as lists from './reads/lists.ts';
import { nextDue } from './reads/next-due.ts';
import * as webhooks from './reads/webhooks.ts';

const { START, MINUTE } = fixtures;

/** A connection that records every statement that it compiles. */
function recording(): { db: Connection; texts: Set<string> } {
  const db = new Connection({ path: ':memory:' });
  migrate(db, 1);
  const texts = new Set<string>();
  const prepare = db.db.prepare.bind(db.db);
  db.db.prepare = (sql, ...rest) => {
    texts.add(sql);
    return prepare(sql, ...rest);
  };
  return { db, texts };
}

/** One of everything that happens while the gateway serves. */
function exercise(db: Connection): void {
  const accountId = 'acc_1';
  const scope = { accountId, dialect: 'kiara', mode: 'live' } as const;
  const lease = { generationId: 'gen_a', worker: 'w' };
  const claim = { worker: 'w', limit: 9, now: START, leaseUntil: START + MINUTE };
  const outcome = { ...fixtures.succeeded(4, [fixtures.newAsset({ accountId })]) };
  const delivery = fixtures.newDelivery({ id: 'whd_1', accountId, endpointId: 'whe_1' });
  const admit = (id: string) =>
    prepareAdmit(
      fixtures.admission({
        id,
        accountId,
        slots: [fixtures.slot('s', 9)],
        idempotency: fixtures.idempotency(id, '', START + 1),
      }),
    );
  const topUp = { accountId, amount: 100, bucket: 'permanent', reference: 'r', now: START } as const;
  const tasks: Task[] = [
    { name: 'createAccount', command: fixtures.newAccount({ id: accountId }) },
    { name: 'topUp', command: topUp },
    { name: 'admit', command: admit('gen_a') },
    { name: 'admit', command: admit('gen_b') },
    { name: 'claim', command: claim },
    { name: 'beginAttempt', command: { ...lease, n: 1, provider: 'p', model: 'm', now: START } },
    { name: 'noteUpstreamId', command: { lease, n: 1, upstreamId: 'u', lostCalls: 0 } },
    { name: 'noteProgress', command: { lease, progress: { percent: 1, metrics: {} } } },
    { name: 'renewLeases', command: { worker: 'w', leaseUntil: START + MINUTE, generationIds: ['gen_a'] } },
    { name: 'postpone', command: { ...lease, now: START, dueAt: START } },
    { name: 'claim', command: claim },
    { name: 'settle', command: fixtures.settlement('gen_a', outcome, { deliveries: [delivery] }) },
    { name: 'settle', command: fixtures.settlement('gen_b', fixtures.CANCELED) },
    { name: 'resolveAttempt', command: { generationId: 'gen_a', n: 1, outcome: 'late', now: START } },
    { name: 'claimDeliveries', command: { ...claim, now: START } },
    { name: 'redeliver', command: { id: 'whd_1', now: START } },
    { name: 'deleteEndpoint', command: 'whe_1' },
    { name: 'removeExpiredAssets', command: { now: START, limit: 9 } },
    { name: 'deleteGeneration', command: { id: 'gen_a', now: START } },
    { name: 'releaseLeases', command: { worker: 'w', now: START } },
  ];
  for (const task of tasks) perform(db, task);

  for (const model of [undefined, 'm'])
    for (const status of [undefined, 'queued'] as const) {
      lists.generations(
        db,
        { ...scope, ...(model && { model }), ...(status && { status }) },
        9,
        encodeCursor(9),
      );
      lists.generationsByNumber(db, {
        ...scope,
        ...(model && { model }),
        ...(status && { statuses: [status] }),
        offset: 1,
        limit: 9,
      });
    }
  lists.generations(db, { ...scope, dialect: ['kiara', 'getimg'] }, 9, undefined);
  generations.generation(db, 'gen_a');
  attempts.attempts(db, 'gen_a');
  attempts.flaggedAttempts(db, 'late', 9, encodeCursor(9));
  nextDue(db, 'generations');
  nextDue(db, 'deliveries');
  backlog(db, 9);
  for (const filter of [{}, { target: 't' }, { action: 'a' }, { target: 't', action: 'a' }])
    auditEntries(db, filter, 9, encodeCursor(9));
  ledger.ledger(db, accountId, 9, encodeCursor(9));
  ledger.transfersOf(db, 'gen_a');
  accounts.keyByHash(db, 'h');
  assets.assetsOf(db, 'gen_a');
  assets.assetsOfMany(db, ['gen_a']);
  assets.knownBlobs(db, ['b']);
  webhooks.deliveries(db, 'gen_a');
  webhooks.deliveriesOf(db, 'whe_1', 9, undefined);
  webhooks.endpoints(db, accountId, 'kiara');
}

/** With the short names that statements use for them. */
const tables = [
  ...['accounts', 'api_keys', 'generations', 'generation_bodies', 'attempts', 'slots', 'idempotency'],
  ...[
    'transfers',
    'pending_top_ups',
    'assets',
    'deliveries',
    'webhook_endpoints',
    'published_models',
    'audit',
  ],
  ...['g', 'b', 'a', 't', 'd'],
];

describe('query plans', () => {
  // `(a, b) > (?, ?)` starts at the first row with that a and b and reads all of them: at each claim the whole line of an account.
  it('step over a range by its last column alone', () => {
    const { db, texts } = recording();
    exercise(db);
    expect([...texts].filter((sql) => /\((\w+, )+\w+\) [<>]/.test(sql))).toEqual([]);
    db.close();
  });

  // Sorting is not checked: what is sorted is bounded by a limit or by one generation.
  it('never walk a table that grows', () => {
    const { db, texts } = recording();
    exercise(db);
    const walks = [...texts]
      .filter((sql) => /^\s*(SELECT|WITH|UPDATE|DELETE|INSERT)/.test(sql))
      .flatMap((sql) =>
        db
          .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
          .map(({ detail }) => detail)
          .filter((detail) => tables.some((table) => new RegExp(`^SCAN ${table}\\b`).test(detail)))
          .map((detail) => `${detail}: ${sql}`),
      );
    expect(texts.size).toBeGreaterThan(50);
    expect(walks).toEqual([]);
    db.close();
  });
});
