import { parseDuration } from '../../config/units.ts';
import type { ProviderReply } from '../port.ts';

/** The reply for an accepted order, to be polled as often as the operator set, or else as usual for the upstream. */
export function accepted(
  upstreamId: string,
  { poll_interval = '' }: { readonly poll_interval?: string },
  usualMs: number,
): ProviderReply & { readonly state: 'accepted' } {
  return { state: 'accepted', upstreamId, pollAfterMs: parseDuration(poll_interval) ?? usualMs };
}
