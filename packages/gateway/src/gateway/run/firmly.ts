import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../telemetry/log.ts';

const FIRST_PAUSE_MS = 100;

export interface Firmness {
  readonly log: Log;
  readonly generationId: string;
  /** 8 by default: 13 seconds of pauses, and what the tries take. */
  readonly tries?: number;
  /** Ends the repeating. */
  readonly signal?: AbortSignal;
  /** Which errors are worth another try; all by default. */
  readonly repeats?: (error: unknown) => boolean;
}

/**
 * Repeats a write that fails for a while, for 13 seconds and more: work that was paid for is not thrown away because a disk or a
 * database was away for a moment.
 *
 * @throws what the last try threw
 */
export async function firmly<T>(write: () => Promise<T>, options: Firmness): Promise<T> {
  const { log, generationId, signal, tries: most = 8, repeats = () => true } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (tries === most || signal?.aborted === true || !repeats(error)) throw error;
      log.warn({ generation: generationId, tries, err: error }, 'writing again');
      await pause(FIRST_PAUSE_MS * 2 ** (tries - 1), signal);
    }
  }
}

/** @throws the reason of `signal`, when that fires first */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => {
    throw signal?.reason;
  });
}
