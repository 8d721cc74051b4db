import { GenlockError } from '../../domain/error.ts';
import type { Delivered } from '../port.ts';

/** Whether nobody knows what became of a call that failed so. */
export function isLost(error: unknown): boolean {
  return error instanceof GenlockError && error.detail.accepted === 'maybe';
}

/** How many of the calls that failed were lost, for what the others brought. */
export function lostAmong(errors: readonly unknown[]): Pick<Delivered, 'lostCalls'> {
  const lostCalls = errors.filter(isLost).length;
  return lostCalls === 0 ? {} : { lostCalls };
}

/** The error of work of which no call brought anything, with how many of them were lost. */
export function withLostCalls(error: GenlockError, errors: readonly unknown[]): GenlockError {
  const { code, message, detail } = error;
  return new GenlockError(code, message, { ...detail, ...lostAmong(errors) });
}
