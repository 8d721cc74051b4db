import { parentPort, workerData } from 'node:worker_threads';
import { toWireError, type WireError } from './batch.ts';
import { Connection } from './connection.ts';
import { type ReportName, type Reports, reports } from './reports/index.ts';

/* The thread for reads that may take seconds. */

export interface ReportRequest<Name extends ReportName = ReportName> {
  readonly name: Name;
  readonly filter: Parameters<Reports[Name]>[1];
}

export type ReportAnswer =
  | { readonly ok: true; readonly report: unknown }
  | { readonly ok: false; readonly error: WireError };

const db = new Connection({ path: workerData, readOnly: true });

function answer({ name, filter }: ReportRequest): ReportAnswer {
  // The types of name and filter were matched when the request was made.
  const report = reports[name] as (db: Connection, filter: unknown) => unknown;
  try {
    // One snapshot, so that a write in between does not look like a difference.
    return { ok: true, report: db.snapshot(() => report(db, filter)) };
  } catch (error) {
    return { ok: false, error: toWireError(error) };
  }
}

parentPort?.on('message', (request: ReportRequest) => parentPort?.postMessage(answer(request)));
