import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../telemetry/log.ts';

const FIRST_PAUSE_MS = 100;

export interface Firmness {
  readonly log: Log;
  readonly generationId: string;
  /** Default 8: pauses of 13 seconds in all, plus the time of the tries. */
  readonly tries?: number;
  /** Stops the repeating. */
  readonly signal?: AbortSignal;
  /** Which errors are worth another try; default: all. */
  readonly repeats?: (error: unknown) => boolean;
}

/**
 * Repeats a write that fails, for 13 seconds and more: work that was paid for is not thrown away because a disk or a database was away for
 * a moment.
 *
 * @throws the error of the last try
 */
export async function firmly<T>(write: () => Promise<T>, options: Firmness): Promise<T> {
  const { log, generationId, signal, tries: most = 8, repeats = () => true } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (tries === most || signal?.aborted === true || !repeats(error)) throw error;
      log.warn({ generation: generationId, tries, err: error }, 'a write failed and is tried again');
      await pause(FIRST_PAUSE_MS * 2 ** (tries - 1), signal);
    }
  }
}

/** @throws the reason of `signal`, if it fires first */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => {
    throw signal?.reason;
  });
}
