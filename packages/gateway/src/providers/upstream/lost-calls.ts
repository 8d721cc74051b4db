import { GenlockError } from '../../domain/error.ts';
import type { Delivered } from '../port.ts';

/** Whether the fate of a call that failed with this error is unknown. */
export function isLost(error: unknown): boolean {
  return error instanceof GenlockError && error.detail.accepted === 'maybe';
}

/** How many of the failed calls were lost, to be reported with the results of the others. */
export function lostAmong(errors: readonly unknown[]): Pick<Delivered, 'lostCalls'> {
  const lostCalls = errors.filter(isLost).length;
  return lostCalls === 0 ? {} : { lostCalls };
}

/** The error of work of which no call brought anything, with the number of lost calls. */
export function withLostCalls(error: GenlockError, errors: readonly unknown[]): GenlockError {
  const { code, message, detail } = error;
  return new GenlockError(code, message, { ...detail, ...lostAmong(errors) });
}
