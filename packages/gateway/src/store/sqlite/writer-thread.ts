import { parentPort, workerData } from 'node:worker_threads';
import { runBatch, type TaskOutcome, toWireError, type WireError } from './batch.ts';
import { Connection } from './connection.ts';
import { migrate } from './migrate.ts';
import type { Task } from './operations/index.ts';

/* The thread that owns the only writing connection of this process, so that a slow disk stalls this thread and never the event loop. */

export interface WriterSettings {
  readonly path: string;
  /** For the record of migrations. All other times come with the commands. */
  readonly openedAt: number;
  readonly busyTimeoutMs: number;
  /** The maximum size of the file; undefined: as far as the disk allows. */
  readonly maxBytes: number | undefined;
}

export type ToWriter =
  | { readonly kind: 'batch'; readonly tasks: readonly Task[] }
  /** Whether to look for writes by other processes while there is nothing to write. */
  | { readonly kind: 'watch'; readonly on: boolean }
  | { readonly kind: 'close' };

export type FromWriter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'done'; readonly outcomes: readonly TaskOutcome[] }
  /** Another process has written. */
  | { readonly kind: 'others_wrote' };

const WATCH_INTERVAL_MS = 50;

function open(settings: WriterSettings): Connection {
  const db = new Connection(settings);
  db.db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON; -- macOS only, where a plain fsync stops at the drive's cache
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 8000;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
  `);
  migrate(db, settings.openedAt);
  if (settings.maxBytes !== undefined) {
    const pageSize = db.get<{ page_size: number }>('PRAGMA page_size')?.page_size ?? 4096;
    db.db.exec(`PRAGMA max_page_count = ${Math.ceil(settings.maxBytes / pageSize)}`);
  }
  return db;
}

function serve(db: Connection, tell: (message: FromWriter) => void): (message: ToWriter) => void {
  let seen = db.dataVersion();
  let timer: NodeJS.Timeout | undefined;

  // On this connection the number changes only with commits by others, and nobody can commit while a batch holds the lock. So it is enough
  // to look after each batch and from time to time between batches.
  const look = () => {
    const version = db.dataVersion();
    if (version === seen) return;
    seen = version;
    tell({ kind: 'others_wrote' });
  };

  return (message) => {
    switch (message.kind) {
      case 'batch':
        tell({ kind: 'done', outcomes: runBatch(db, message.tasks) });
        return look();
      case 'watch':
        clearInterval(timer);
        if (message.on) timer = setInterval(look, WATCH_INTERVAL_MS);
        return;
      case 'close':
        clearInterval(timer);
        db.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        db.close();
        parentPort?.close();
    }
  };
}

function start(settings: WriterSettings): void {
  const tell = (message: FromWriter) => parentPort?.postMessage(message);
  try {
    const handle = serve(open(settings), tell);
    parentPort?.on('message', handle);
    tell({ kind: 'ready' });
  } catch (error) {
    tell({ kind: 'refused', error: toWireError(error) });
  }
}

start(workerData);
