import { Worker } from 'node:worker_threads';
import type { GenlockError } from '../../domain/error.ts';
import { reviveError } from './batch.ts';
import { unavailable } from './errors.ts';
import type { ReportAnswer, ReportRequest } from './report-thread.ts';
import type { ReportName, Reports } from './reports/index.ts';

interface Asked {
  readonly resolve: (report: unknown) => void;
  readonly reject: (error: GenlockError) => void;
}

/**
 * Runs long reads in a thread of their own, so that adding up a big ledger stalls no request. The thread starts with the first request and
 * answers in order, so that many callers do not read at the same time.
 */
export class Reporter {
  readonly #path: string;
  #worker: Worker | undefined;
  #asked: Asked[] = [];
  #closed = false;

  constructor(path: string) {
    this.#path = path;
  }

  run<Name extends ReportName>(
    name: Name,
    filter: ReportRequest<Name>['filter'],
  ): Promise<ReturnType<Reports[Name]>> {
    if (this.#closed) return Promise.reject(unavailable('the store is closed'));
    return new Promise((resolve, reject) => {
      this.#worker ??= this.#start();
      // The thread's answer is the return value of the report with that name.
      this.#asked.push({ resolve: (report) => resolve(report as ReturnType<Reports[Name]>), reject });
      this.#worker.ref();
      this.#worker.postMessage({ name, filter } satisfies ReportRequest<Name>);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./report-thread.ts', import.meta.url), {
      workerData: this.#path,
      name: 'genlock-reports',
    });
    worker.on('message', (answer: ReportAnswer) => {
      const asked = this.#asked.shift();
      if (this.#asked.length === 0) worker.unref();
      if (answer.ok) asked?.resolve(answer.report);
      else asked?.reject(reviveError(answer.error));
    });
    worker.on('error', (error) => this.#lose(unavailable('the reports failed', error)));
    worker.on('exit', () => this.#lose(unavailable('the reports ended')));
    return worker;
  }

  /** After this, the next report starts a new thread. */
  #lose(error: GenlockError): void {
    this.#worker = undefined;
    for (const asked of this.#asked.splice(0)) asked.reject(error);
  }
}
