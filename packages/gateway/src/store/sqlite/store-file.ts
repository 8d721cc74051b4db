import type { Metrics } from '../../telemetry/metrics.ts';
import type { StoreEvent } from '../port.ts';
import { Connection } from './connection.ts';
import { toGenlockError, unavailable } from './errors.ts';
import { Notices } from './notices.ts';
import type { CommandOf, OperationName, ResultOf } from './operations/index.ts';
import { Reporter } from './reporter.ts';
import { Writer } from './writer.ts';

export interface SqliteOptions {
  /** The database file, created if it does not exist. Its folder must exist. */
  readonly path: string;
  /** For the record of migrations. All other times come with the commands. */
  readonly now?: () => number;
  /** How long a write waits for another process's write. Default 5 s. */
  readonly busyTimeoutMs?: number;
  /** The maximum size of the file. Writes beyond it are refused as on a full disk. */
  readonly maxBytes?: number;
  readonly metrics?: Metrics;
}

/** The open file: one thread that writes, one connection that reads, a thread for each kind of long read, and the listeners for changes. */
export class StoreFile {
  readonly customerReports: Reporter;
  /** Separate, so that no customer waits behind a reconcile. */
  readonly operatorReports: Reporter;
  readonly #writer: Writer;
  readonly #reader: Connection;
  readonly #notices: Notices;
  #closed = false;

  static async open(options: SqliteOptions): Promise<StoreFile> {
    const busyTimeoutMs = options.busyTimeoutMs ?? 5_000;
    const notices = new Notices((present) => writer.watch(present));
    const writer = await Writer.open(
      {
        path: options.path,
        openedAt: (options.now ?? Date.now)(),
        busyTimeoutMs,
        maxBytes: options.maxBytes,
      },
      () => notices.emit({ kind: 'unknown' }),
      undefined,
      options.metrics,
    );
    try {
      const reader = new Connection({ path: options.path, readOnly: true, busyTimeoutMs });
      return new StoreFile(options.path, writer, reader, notices);
    } catch (error) {
      await writer.close();
      throw toGenlockError(error);
    }
  }

  private constructor(path: string, writer: Writer, reader: Connection, notices: Notices) {
    this.customerReports = new Reporter(path);
    this.operatorReports = new Reporter(path);
    this.#writer = writer;
    this.#reader = reader;
    this.#notices = notices;
  }

  /** Resolves once the operation is durable on disk. */
  write<Name extends OperationName>(name: Name, command: CommandOf<Name>): Promise<ResultOf<Name>> {
    return this.#writer.run(name, command);
  }

  /** Reads at once; only the answer comes as a promise. */
  async read<T>(query: (db: Connection) => T): Promise<T> {
    return this.readNow(query);
  }

  readNow<T>(query: (db: Connection) => T): T {
    if (this.#closed) throw unavailable('the store is closed');
    try {
      return query(this.#reader);
    } catch (error) {
      throw toGenlockError(error);
    }
  }

  tell(event: StoreEvent): void {
    this.#notices.emit(event);
  }

  subscribe(listener: (event: StoreEvent) => void): () => void {
    return this.#notices.subscribe(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // The readers are closed first, so that the writer is the last connection, which can checkpoint the WAL into the file.
    const reports = [this.customerReports.close(), this.operatorReports.close()];
    this.#reader.close();
    await Promise.all([...reports, this.#writer.close()]);
  }
}
