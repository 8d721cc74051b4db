import { write, writeSync } from 'node:fs';

/** Lines that wait for a slow reader are kept up to here; beyond it the oldest have to go. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** Lines gather for so long: a write of its own for each took more time than making the line. */
const GATHER_MS = 10;

/**
 * Writes lines to stderr without ever waiting for it: a full disk or a reader that is gone loses log lines and must not stop or
 * slow anything else. What was lost is counted in the next line that gets through.
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
      // A part of the batch may be out; telling which lines is not worth holding on to them.
      lost = error !== null || written < bytes.length ? lost + count : 0;
      flush();
    });
  };

  // The last lines of a process. Where a write is under way its reader may be stuck, and the end must not wait for that.
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

/** One listener for all sinks of a process. */
function atExit(end: () => void): void {
  ends.push(end);
  if (ends.length > 1) return;
  process.on('exit', () => {
    for (const one of ends)
      try {
        one();
      } catch {
        // Nowhere to say so.
      }
  });
}
