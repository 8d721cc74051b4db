import { DatabaseSync, type StatementSync } from 'node:sqlite';

export type SqlValue = null | number | string;

export interface ConnectionOptions {
  readonly path: string;
  readonly readOnly?: boolean;
  /** How long to wait for another process's write before giving up. */
  readonly busyTimeoutMs?: number;
}

/** One SQLite connection and its prepared statements, each compiled once. */
export class Connection {
  readonly db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(options: ConnectionOptions) {
    this.db = new DatabaseSync(options.path, {
      readOnly: options.readOnly ?? false,
      timeout: options.busyTimeoutMs ?? 5_000,
      enableForeignKeyConstraints: true,
    });
  }

  /** The first row. The type is the caller's claim: tables are STRICT, and the row types are in rows/. */
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  /** Row by row, for results that may be too long to keep in memory. */
  iterate<Row>(sql: string, ...values: SqlValue[]): Iterable<Row> {
    return this.#statement(sql).iterate(...values) as Iterable<Row>;
  }

  /** Returns how many rows were changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** Runs an INSERT and returns the rowid of the new row. */
  insert(sql: string, ...values: SqlValue[]): number {
    return Number(this.#statement(sql).run(...values).lastInsertRowid);
  }

  /** The compiled form of a constant text. Texts made for each call would fill the cache. */
  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** IMMEDIATE takes the write lock at once, so that what the body reads is still true when it writes. */
  write<T>(body: () => T): T {
    this.run('BEGIN IMMEDIATE');
    return this.#finish(body);
  }

  /** Makes several reads see the same state of the database. */
  snapshot<T>(body: () => T): T {
    if (this.db.isTransaction) return body();
    this.run('BEGIN');
    return this.#finish(body);
  }

  /** Changes when another connection has committed, in this process or another. */
  dataVersion(): number {
    return this.get<{ data_version: number }>('PRAGMA data_version')?.data_version ?? 0;
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
  }

  #finish<T>(body: () => T): T {
    try {
      const result = body();
      this.run('COMMIT');
      return result;
    } catch (error) {
      // Some errors (a full disk, for one) have rolled back already.
      if (this.db.isTransaction) this.run('ROLLBACK');
      throw error;
    }
  }
}
