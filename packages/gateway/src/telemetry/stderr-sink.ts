import { write } from 'node:fs';

/** Lines that wait for a slow reader are kept up to here; beyond it the oldest have to go. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * Writes lines to stderr without ever waiting for it: a full disk or a reader that is gone loses log lines and must not stop or
 * slow anything else. What was lost is counted in the next line that gets through.
 */
export function createStderrSink(fd = 2): { write(line: string): void } {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let lost = 0;
  let writing = false;

  const flush = (): void => {
    if (writing || waiting.length === 0) return;
    writing = true;
    const note = lost > 0 ? `{"level":"warn","msg":"log lines lost","count":${lost}}\n` : '';
    const count = waiting.length;
    const bytes = Buffer.from(note + waiting.join(''));
    waiting = [];
    waitingBytes = 0;
    write(fd, bytes, 0, bytes.length, null, (error, written) => {
      writing = false;
      // A part of the batch may be out; telling which lines is not worth holding on to them.
      lost = error !== null || written < bytes.length ? lost + count : 0;
      flush();
    });
  };

  return {
    write(line) {
      waiting.push(line);
      waitingBytes += line.length;
      while (waitingBytes > MAX_WAITING_BYTES) {
        waitingBytes -= waiting.shift()?.length ?? 0;
        lost += 1;
      }
      flush();
    },
  };
}
