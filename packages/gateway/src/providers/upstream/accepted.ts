import { parseDuration } from '../../config/units.ts';
import type { ProviderReply } from '../port.ts';

/** The order was taken on: what becomes of it is to be asked, as often as the operator says or else as is usual there. */
export function accepted(
  upstreamId: string,
  { poll_interval = '' }: { readonly poll_interval?: string },
  usualMs: number,
): ProviderReply & { readonly state: 'accepted' } {
  return { state: 'accepted', upstreamId, pollAfterMs: parseDuration(poll_interval) ?? usualMs };
}
