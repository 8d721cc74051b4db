import { write, writeSync } from 'node:fs';

/** The most bytes that wait for a slow reader. Beyond that the oldest lines are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** Lines are gathered for this long, because a separate write for each took more time than composing the line. */
const GATHER_MS = 10;

/**
 * Writes lines to stderr without ever waiting for it: if the disk is full or the reader is gone, log lines are lost, but nothing else is
 * stopped or slowed. The next line that gets through says how many were lost.
 */
export function createStderrSink(fd = 2): { write(line: string): void } {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let lost = 0;
  let writing = false;
  let gathering = false;

  const take = (): Buffer => {
    const note = lost > 0 ? `{"level":"warn","msg":"log lines lost","count":${lost}}\n` : '';
    const bytes = Buffer.from(note + waiting.join(''));
    waiting = [];
    waitingBytes = 0;
    return bytes;
  };

  const flush = (): void => {
    gathering = false;
    if (writing || waiting.length === 0) return;
    writing = true;
    const count = waiting.length;
    const bytes = take();
    write(fd, bytes, 0, bytes.length, null, (error, written) => {
      writing = false;
      // Part of the batch may have been written, but it is not worth keeping the lines to find out which.
      lost = error !== null || written < bytes.length ? lost + count : 0;
      flush();
    });
  };

  // The last lines of a process. If a write is still under way its reader may be stuck, and the process must not wait for that.
  atExit(() => {
    if (!writing && waiting.length > 0) writeSync(fd, take());
  });

  return {
    write(line) {
      waiting.push(line);
      waitingBytes += line.length;
      while (waitingBytes > MAX_WAITING_BYTES) {
        waitingBytes -= waiting.shift()?.length ?? 0;
        lost += 1;
      }
      if (gathering) return;
      gathering = true;
      setTimeout(flush, GATHER_MS).unref();
    },
  };
}

const ends: (() => void)[] = [];

/** One exit listener for all sinks of a process. */
function atExit(end: () => void): void {
  ends.push(end);
  if (ends.length > 1) return;
  process.on('exit', () => {
    for (const one of ends)
      try {
        one();
      } catch {
        // There is nowhere to report the error.
      }
  });
}
