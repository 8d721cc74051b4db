import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { fromWire, MediaWorkerError } from './errors.ts';
import type { MediaJob, MediaResult } from './jobs.ts';
import type { Answer } from './worker.ts';

type Task = {
  job: MediaJob;
  resolve(result: MediaResult): void;
  reject(error: unknown): void;
  signal: AbortSignal | undefined;
  onAbort(): void;
};

type Slot = { worker: Worker; task: Task | undefined; idle: NodeJS.Timeout | undefined };

export type MediaPoolOptions = {
  /** The most worker threads; default: one less than the cores, so that the gateway's own thread keeps one. */
  size?: number;
  /** A worker without a job ends after this time and frees its memory. */
  idleMs?: number;
  /** The worker's module; tests replace it by one that misbehaves. */
  entry?: URL;
};

/**
 * Renders media in worker threads, first come, first served. Threads are started when jobs need them. Neither an idle pool nor an idle
 * worker keeps the process alive.
 */
export class MediaPool {
  readonly #size: number;
  readonly #idleMs: number;
  readonly #entry: URL;
  readonly #queue: Task[] = [];
  readonly #slots = new Set<Slot>();
  #closed = false;

  constructor({
    size,
    idleMs = 10_000,
    entry = new URL('./worker.ts', import.meta.url),
  }: MediaPoolOptions = {}) {
    this.#size = size ?? Math.max(1, availableParallelism() - 1);
    this.#idleMs = idleMs;
    this.#entry = entry;
  }

  /** The present number of worker threads. */
  get workers(): number {
    return this.#slots.size;
  }

  /**
   * @throws SourceMediaError for an unusable input image, MediaWorkerError if the worker died, the signal's reason once it is aborted, or
   * the renderer's error
   */
  run(job: MediaJob, signal?: AbortSignal): Promise<MediaResult> {
    if (this.#closed) return Promise.reject(new MediaWorkerError('the media pool is closed'));
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const task: Task = { job, resolve, reject, signal, onAbort: () => this.#abort(task) };
      signal?.addEventListener('abort', task.onAbort, { once: true });
      this.#queue.push(task);
      this.#pump();
    });
  }

  /** Rejects every waiting or running job and ends all threads. */
  async close(): Promise<void> {
    this.#closed = true;
    const error = new MediaWorkerError('the media pool was closed');
    for (const task of this.#queue.splice(0)) this.#settle(task, () => task.reject(error));
    await Promise.all([...this.#slots].map((slot) => this.#drop(slot, error)));
  }

  #pump(): void {
    while (this.#queue.length > 0) {
      const slot = [...this.#slots].find(({ task }) => !task) ?? this.#open();
      const task = slot && this.#queue.shift();
      if (!slot || !task) return;
      clearTimeout(slot.idle);
      slot.task = task;
      slot.worker.ref();
      try {
        slot.worker.postMessage(task.job);
      } catch (error) {
        this.#release(slot, () => task.reject(error));
      }
    }
  }

  #open(): Slot | undefined {
    if (this.#slots.size >= this.#size) return undefined;
    const slot: Slot = { worker: new Worker(this.#entry), task: undefined, idle: undefined };
    slot.worker.on('message', (answer: Answer) => {
      const { task } = slot;
      if (!task) return;
      this.#release(slot, () =>
        answer.ok ? task.resolve(answer.result) : task.reject(fromWire(answer.error)),
      );
    });
    const fail = (error: MediaWorkerError) => {
      void this.#drop(slot, error);
      this.#pump();
    };
    slot.worker.on('error', (cause) =>
      fail(new MediaWorkerError(`the media worker crashed: ${String(cause)}`, { cause })),
    );
    slot.worker.on('exit', (code) =>
      fail(new MediaWorkerError(`the media worker ended with code ${code} before it answered`)),
    );
    this.#slots.add(slot);
    return slot;
  }

  #release(slot: Slot, settle: () => void): void {
    const { task } = slot;
    slot.task = undefined;
    if (task) this.#settle(task, settle);
    this.#pump();
    if (slot.task || !this.#slots.has(slot)) return;
    slot.worker.unref();
    slot.idle = setTimeout(() => void this.#drop(slot), this.#idleMs).unref();
  }

  /** An encoder cannot be interrupted from outside, so a running job is ended together with its thread. */
  #abort(task: Task): void {
    const waiting = this.#queue.indexOf(task);
    if (waiting >= 0) this.#queue.splice(waiting, 1);
    const slot = [...this.#slots].find((each) => each.task === task);
    if (slot) void this.#drop(slot, task.signal?.reason);
    else this.#settle(task, () => task.reject(task.signal?.reason));
    this.#pump();
  }

  async #drop(slot: Slot, reason?: unknown): Promise<void> {
    if (!this.#slots.delete(slot)) return;
    clearTimeout(slot.idle);
    const { task } = slot;
    slot.task = undefined;
    if (task) this.#settle(task, () => task.reject(reason));
    await slot.worker.terminate();
  }

  #settle(task: Task, settle: () => void): void {
    task.signal?.removeEventListener('abort', task.onAbort);
    settle();
  }
}
