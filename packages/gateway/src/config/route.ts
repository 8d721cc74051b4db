import type { RouteRef } from '../store/port.ts';

/** Without a slash, since a route is written `<provider>/<model>`. */
export const PROVIDER_NAME = '^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$';

/** Parses `sandbox/kiara-vogue`: the provider ends at the first slash; the upstream model may contain further ones. */
export function parseRoute(text: string): RouteRef | undefined {
  const slash = text.indexOf('/');
  if (slash < 1 || slash === text.length - 1) return undefined;
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}
