import type { Status } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import { NAME } from './links.ts';

/** The SDK's words (contract section 6). Filters accept every spelling. */
const STATUS = {
  queued: 'pending',
  running: 'processing',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'cancelled',
} as const satisfies Record<Status, string>;

/** Every status that a prediction can show. */
export const WIRE_STATUSES: readonly string[] = [...Object.values(STATUS), 'started', 'canceled'];

/**
 * The wire status. The SDKs poll `canceled` for ever, so the default is `cancelled`; the command-line client only knows the other spelling,
 * so the operator can choose.
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
