import type { Status } from '../../domain/generation.ts';

/**
 * Something that a waiter may wait for. `changed` tells the new status of a generation; `work` that something may be due
 * (a generation or a delivery); `unknown` that another process wrote and waiters should look again.
 */
export type StoreEvent =
  | { readonly kind: 'changed'; readonly generationId: string; readonly status: Status }
  | { readonly kind: 'work' }
  | { readonly kind: 'unknown' };
