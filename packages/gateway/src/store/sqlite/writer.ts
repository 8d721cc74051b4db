import { Worker } from 'node:worker_threads';
import { GenlockError } from '../../domain/error.ts';
import { type Counter, type Histogram, type Metrics, noMetrics } from '../../telemetry/metrics.ts';
import { reviveError, type TaskOutcome } from './batch.ts';
import { unavailable } from './errors.ts';
import type { CommandOf, OperationName, ResultOf, Task } from './operations/index.ts';
import type { FromWriter, ToWriter, WriterSettings } from './writer-thread.ts';

/** Limits how long the write lock is held and how much a rollback costs. */
const BATCH_SIZE = 512;
/** A full batch is sent before the previous one is answered: so the thread always has the next one at hand and never idles. */
const BATCHES_AHEAD = 2;
/** This many operations are sent at once to an idle thread. */
const WORTH_SENDING = 32;

interface Batch {
  readonly operations: readonly Pending[];
  readonly sentAt: number;
}

interface Pending {
  readonly task: Task;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: GenlockError) => void;
}

/**
 * The main thread's end of the writer: gathers operations into batches. While a batch waits for the disk the next one gathers, so the
 * higher the load, the more operations share one wait.
 */
export class Writer {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #onOthersWrote: () => void;
  readonly #seconds: Histogram;
  readonly #sizes: Histogram;
  readonly #failures: Counter;
  #gathered: Pending[] = [];
  #underway: Batch[] = [];
  #scheduled = false;
  #closing = false;
  #dead: GenlockError | undefined;

  /** Resolves when the database is open and migrated; rejects if it cannot be opened. */
  static async open(
    settings: WriterSettings,
    onOthersWrote: () => void,
    thread = new URL('./writer-thread.ts', import.meta.url),
    metrics: Metrics = noMetrics,
  ): Promise<Writer> {
    const worker = new Worker(thread, {
      workerData: settings,
      name: 'genlock-store',
    });
    await new Promise<void>((resolve, reject) => {
      worker.once('error', (error) => reject(unavailable('the writer did not start', error)));
      worker.once('exit', () => reject(unavailable('the writer did not start')));
      worker.once('message', (message: FromWriter) => {
        if (message.kind === 'refused') reject(reviveError(message.error));
        else resolve();
      });
    });
    return new Writer(worker, onOthersWrote, metrics);
  }

  private constructor(worker: Worker, onOthersWrote: () => void, metrics: Metrics) {
    this.#seconds = metrics.storeWriteSeconds.of();
    this.#sizes = metrics.storeBatch.of();
    this.#failures = metrics.storeFailures.of();
    this.#worker = worker;
    this.#onOthersWrote = onOthersWrote;
    worker.on('message', (message: FromWriter) => this.#receive(message));
    worker.on('error', (error) => this.#die(unavailable('the writer failed', error)));
    this.#exited = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#die(unavailable(this.#closing ? 'the store is closed' : 'the writer ended'));
        resolve();
      });
    });
    worker.unref();
  }

  /** Resolves once the operation is durable on disk. */
  run<Name extends OperationName>(name: Name, command: CommandOf<Name>): Promise<ResultOf<Name>> {
    if (this.#dead !== undefined || this.#closing)
      return Promise.reject(this.#dead ?? unavailable('the store is closing'));
    return new Promise((resolve, reject) => {
      this.#gathered.push({
        task: { name, command },
        // The thread's answer is the return value of the operation with that name.
        resolve: (value) => resolve(value as ResultOf<Name>),
        reject,
      });
      this.#schedule();
    });
  }

  watch(on: boolean): void {
    if (this.#dead === undefined) this.#post({ kind: 'watch', on });
  }

  /** Ends the thread once everything that was begun is durable on disk. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.#worker.ref();
      if (this.#idle()) this.#post({ kind: 'close' });
    }
    await this.#exited;
  }

  #idle(): boolean {
    return this.#underway.length === 0 && this.#gathered.length === 0;
  }

  /**
   * Sends at the end of the event loop's turn, so that all operations of that turn travel together. Sends sooner if enough have gathered to
   * keep the thread busy: with hundreds of callers a turn is long, and the thread would otherwise idle.
   */
  #schedule(): void {
    if (!this.#mayGo()) return;
    if (this.#gathered.length >= WORTH_SENDING) {
      this.#send();
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #mayGo(): boolean {
    const ahead = this.#gathered.length >= BATCH_SIZE ? BATCHES_AHEAD : 1;
    return this.#gathered.length > 0 && this.#underway.length < ahead && this.#dead === undefined;
  }

  #send(): void {
    while (this.#mayGo()) {
      const batch = this.#gathered.splice(0, BATCH_SIZE);
      try {
        this.#post({ kind: 'batch', tasks: batch.map((pending) => pending.task) });
      } catch (error) {
        // Something in the batch cannot be cloned to another thread, which is a bug of the caller.
        for (const pending of batch) pending.reject(GenlockError.from(error));
        continue;
      }
      this.#underway.push({ operations: batch, sentAt: performance.now() });
      this.#worker.ref();
    }
  }

  #receive(message: FromWriter): void {
    if (message.kind === 'done') this.#finish(message.outcomes);
    else if (message.kind === 'others_wrote') this.#onOthersWrote();
  }

  #finish(outcomes: readonly TaskOutcome[]): void {
    const batch = this.#underway.shift();
    const finished = batch?.operations ?? [];
    // The next batch is sent first, so that the thread works on it while the callers of this one continue.
    this.#send();
    if (batch !== undefined) this.#measure(batch, outcomes);
    for (const [index, pending] of finished.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok) pending.resolve(outcome.value);
      else pending.reject(outcome ? reviveError(outcome.error) : unavailable('the writer gave no answer'));
    }
    if (!this.#idle()) return;
    if (this.#closing) this.#post({ kind: 'close' });
    else this.#worker.unref();
  }

  #measure({ operations, sentAt }: Batch, outcomes: readonly TaskOutcome[]): void {
    this.#seconds.observe((performance.now() - sentAt) / 1000);
    this.#sizes.observe(operations.length);
    for (const outcome of outcomes)
      if (!outcome.ok && outcome.error.code === 'storage_unavailable') this.#failures.add();
  }

  #die(error: GenlockError): void {
    this.#dead ??= error;
    const underway = this.#underway.flatMap(({ operations }) => operations);
    const gathered = this.#gathered;
    this.#underway = [];
    this.#gathered = [];
    // The task that was being worked on may be on disk.
    const { code, message, detail } = this.#dead;
    const lost = new GenlockError(code, message, { ...detail, accepted: 'maybe' });
    for (const pending of underway) pending.reject(lost);
    for (const pending of gathered) pending.reject(this.#dead);
  }

  #post(message: ToWriter): void {
    this.#worker.postMessage(message);
  }
}
