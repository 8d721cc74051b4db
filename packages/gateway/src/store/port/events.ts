import type { Status } from '../../domain/generation.ts';

/**
 * An event that wakes waiters. `changed`: a generation has a new status. `work`: a generation or a delivery may be due. `unknown`: another
 * process wrote something, so waiters should look again.
 */
export type StoreEvent =
  | { readonly kind: 'changed'; readonly generationId: string; readonly status: Status }
  | { readonly kind: 'work' }
  | { readonly kind: 'unknown' };
