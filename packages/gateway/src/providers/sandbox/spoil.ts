import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalErrors } from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';
import type { Delivered, ProviderCall } from '../port.ts';
import type { Directives } from './directives.ts';

/** Just above what the gateway accepts as an image or a clip. Zeros take no memory until they are touched. */
const OVERSIZE_BYTES = 512 * 1024 * 1024 + 1;
const RATE_LIMIT_RETRY_MS = 1_000;

/** With `at=admit`: the error to report at submission. */
export function objection(directives: Directives): Promise<void> | undefined {
  if (directives.at !== 'admit') return undefined;
  const error =
    directives.error !== undefined
      ? steered(directives.error)
      : directives.result !== undefined
        ? new GenlockError('upstream_invalid_result', undefined, { reason: directives.result })
        : undefined;
  if (error === undefined) return undefined;
  return pause(directives.delayMs).then(() => Promise.reject(error));
}

/** Whether this attempt must go wrong while it runs. */
export function isSpoilt({ at, times }: Directives, attempt: number): boolean {
  return at === 'run' && attempt <= times;
}

/** Goes wrong as requested: throws, or returns an invalid result. Undefined: nothing was requested. */
export function spoil({ error, drop, result }: Directives): Delivered | undefined {
  if (error !== undefined) throw steered(error);
  if (drop !== undefined) {
    throw new GenlockError('upstream_failed', undefined, {
      accepted: 'maybe',
      raw: 'the connection died after the call was accepted',
    });
  }
  switch (result) {
    case undefined:
      return undefined;
    case 'empty':
      return { outputs: [] };
    case 'garbage':
      return {
        outputs: [
          { bytes: new TextEncoder().encode('{"this is": "no media"'), contentType: 'application/json' },
        ],
      };
    case 'oversize':
      return { outputs: [{ bytes: Buffer.alloc(OVERSIZE_BYTES), contentType: 'application/octet-stream' }] };
  }
}

function steered(code: NonNullable<Directives['error']>): GenlockError {
  const waits = canonicalErrors[code].retry === 'after_delay';
  return new GenlockError(code, undefined, {
    raw: 'asked for by a sandbox directive',
    ...(waits && { retryAfterMs: RATE_LIMIT_RETRY_MS }),
  });
}

/** For text an invalid result would look like any other text, so it becomes an error. */
export function spoilText(directives: Directives): void {
  if (spoil(directives) !== undefined)
    throw new GenlockError('upstream_invalid_result', undefined, { raw: 'asked for by a sandbox directive' });
}

/** The requested delay of a job, during which it gives up its place. */
export async function delay({ rest, signal }: ProviderCall, ms: number): Promise<void> {
  if (ms === 0) return;
  const wait = (): Promise<void> => pause(ms, signal);
  await (rest === undefined ? wait() : rest(wait));
}

/** @throws the reason of `signal`, if it fires first */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms === 0) return;
  await sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => {
    throw signal?.reason;
  });
}
