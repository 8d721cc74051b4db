import { Worker } from 'node:worker_threads';
import type { MediaFacts, UnreadableReason } from './probe.ts';

export type ContainerOutcome =
  | { kind: 'facts'; facts: MediaFacts }
  | { kind: 'unreadable'; reason: UnreadableReason; detail: string };

/** A file of 100 MB takes well under a second; what takes longer was made to. */
const DEADLINE_MS = 10_000;
const IDLE_MS = 5_000;
/** Counts in a hostile index can ask a reader for billions of entries. The file itself lives outside this heap. */
const HEAP_MB = 192;

let worker: Worker | undefined;
let idle: NodeJS.Timeout | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Reads a container in a thread of its own, one file at a time, so that a file made to hang or to fill the memory
 * costs that thread and not the gateway. The thread starts when needed, ends when idle, and never keeps the process.
 */
export function readContainer(bytes: Uint8Array): Promise<ContainerOutcome> {
  const outcome = queue.then(() => ask(bytes));
  queue = outcome;
  return outcome;
}

function ask(bytes: Uint8Array): Promise<ContainerOutcome> {
  clearTimeout(idle);
  const thread = worker ?? start();
  worker = thread;
  thread.ref();
  return new Promise((resolve) => {
    const end = (outcome: ContainerOutcome, reusable: boolean) => {
      clearTimeout(deadline);
      thread.off('message', answer).off('error', fail).off('exit', exit);
      if (reusable) rest(thread);
      else stop(thread);
      resolve(outcome);
    };
    const refuse = (detail: string) => end({ kind: 'unreadable', reason: 'unrecognised', detail }, false);
    const answer = (outcome: ContainerOutcome) => end(outcome, true);
    const fail = (error: unknown) => refuse(`the file cannot be read: ${String(error)}`);
    const exit = () => refuse('the file cannot be read');
    const deadline = setTimeout(() => refuse('the file takes too long to read'), DEADLINE_MS);
    thread.on('message', answer).on('error', fail).on('exit', exit);
    thread.postMessage(bytes);
  });
}

function start(): Worker {
  const thread = new Worker(new URL('./probe-container.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  // Between files, too, a dying thread must not end the process; the next file finds out by 'exit'.
  return thread.on('error', () => {}).on('exit', () => stop(thread));
}

function rest(thread: Worker): void {
  thread.unref();
  idle = setTimeout(() => stop(thread), IDLE_MS).unref();
}

function stop(thread: Worker): void {
  if (worker === thread) {
    worker = undefined;
    clearTimeout(idle);
  }
  void thread.terminate();
}
