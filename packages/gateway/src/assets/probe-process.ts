import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MediaFacts, UnreadableReason } from './media-facts.ts';

export type ContainerOutcome =
  | { kind: 'facts'; facts: MediaFacts }
  | { kind: 'unreadable'; reason: UnreadableReason; detail: string };

/** A file of 100 MB takes well under a second; a file that takes this long was made to. */
const DEADLINE_MS = 10_000;
const IDLE_MS = 5_000;
/**
 * Limits the heap, because the counts in a hostile index can make a reader ask for billions of entries. The file itself is outside this
 * heap.
 */
const HEAP_MB = 192;

let reader: ChildProcess | undefined;
let idle: NodeJS.Timeout | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Reads a container in a separate process, one file at a time. A file that was made to hang or to fill the memory then costs that process
 * and not the gateway; a thread would not be enough, because one that runs out of memory can take all others with it. The process starts
 * when needed, ends when idle, keeps nothing alive, and gets nothing of the gateway's environment.
 */
export function readContainer(bytes: Uint8Array): Promise<ContainerOutcome> {
  const outcome = queue.then(() => ask(bytes));
  queue = outcome;
  return outcome;
}

function ask(bytes: Uint8Array): Promise<ContainerOutcome> {
  clearTimeout(idle);
  const child = reader ?? start();
  reader = child;
  child.ref();
  child.channel?.ref();
  return new Promise((resolve) => {
    const end = (outcome: ContainerOutcome, reusable: boolean) => {
      clearTimeout(deadline);
      child.off('message', answer).off('error', fail).off('exit', exit);
      if (reusable) rest(child);
      else stop(child);
      resolve(outcome);
    };
    const refuse = (detail: string) => end({ kind: 'unreadable', reason: 'unrecognised', detail }, false);
    const answer = (outcome: unknown) => end(outcome as ContainerOutcome, true);
    const fail = (error: unknown) => refuse(`the file cannot be read: ${String(error)}`);
    const exit = () => refuse('the file cannot be read');
    const deadline = setTimeout(() => refuse('the file takes too long to read'), DEADLINE_MS);
    child.on('message', answer).on('error', fail).on('exit', exit);
    child.send(bytes, (error) => error && fail(error));
  });
}

function start(): ChildProcess {
  const cache = process.env.NODE_COMPILE_CACHE;
  const child = fork(fileURLToPath(new URL('./probe-container.ts', import.meta.url)), {
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--disable-warning=ExperimentalWarning'],
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // The listener stays between files, so that a dying process cannot end this one. The next file notices it by 'exit'.
  return child.on('error', () => {}).on('exit', () => stop(child));
}

function rest(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  idle = setTimeout(() => stop(child), IDLE_MS).unref();
}

function stop(child: ChildProcess): void {
  if (reader === child) {
    reader = undefined;
    clearTimeout(idle);
  }
  child.kill('SIGKILL');
}
