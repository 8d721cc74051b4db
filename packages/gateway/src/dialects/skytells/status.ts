import type { Status } from '../../domain/generation.ts';

/**
 * The SDK's vocabulary (contract section 6): it polls without end on `canceled`, so `cancelled` it is, although the command-line
 * client knows only the other. Filters take every spelling.
 */
export const STATUS = {
  queued: 'pending',
  running: 'processing',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'cancelled',
} as const satisfies Record<Status, string>;

const FROM_WIRE: ReadonlyMap<string, Status> = new Map([
  ['pending', 'queued'],
  ['queued', 'queued'],
  ['starting', 'running'],
  ['started', 'running'],
  ['processing', 'running'],
  ['succeeded', 'succeeded'],
  ['failed', 'failed'],
  ['cancelled', 'canceled'],
  ['canceled', 'canceled'],
]);

export function statusFromWire(wire: string): Status | undefined {
  return FROM_WIRE.get(wire);
}
