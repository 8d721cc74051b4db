import type { Status } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import { NAME } from './links.ts';

/** The SDK's vocabulary (contract section 6). Filters take every spelling. */
const STATUS = {
  queued: 'pending',
  running: 'processing',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'cancelled',
} as const satisfies Record<Status, string>;

/** All that a prediction may say of itself. */
export const WIRE_STATUSES: readonly string[] = [...Object.values(STATUS), 'started', 'canceled'];

/**
 * The status in the words of the contract. The SDKs poll without end on `canceled`, so `cancelled` it is; the command-line client knows
 * only the other, so the operator may choose.
 */
export function statusToWire(core: Pick<Core, 'config'>, status: Status): string {
  const spelling = core.config().dialects[NAME]?.canceledAs ?? STATUS.canceled;
  return status === 'canceled' ? spelling : STATUS[status];
}

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
