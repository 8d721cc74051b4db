import type { Attempt } from './generation.ts';

/** The error of an attempt that the orderly end of its process broke off. Neither the job nor the provider is to blame. */
export const BROKEN_OFF = {
  code: 'shutting_down',
  raw: 'broken off because the process ended',
} as const satisfies Attempt['error'];

/**
 * Whether an attempt was broken off in this way. It then does not count, so restarts of the gateway cannot use up a generation's
 * attempts. An attempt whose process crashed does count, since the work itself may be what kills the process.
 */
export function isBrokenOff({ error }: Pick<Attempt, 'error'>): boolean {
  return error?.code === BROKEN_OFF.code;
}
