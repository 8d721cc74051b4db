/** A provider and its model: one way to do the work of a generation. */
export interface RouteName {
  readonly provider: string;
  readonly model: string;
}

export interface WeightedRoute extends RouteName {
  /**
   * Its share of first tries in relation to the other weights. Default 1 if any other route has a weight. 0: tried only after all others.
   */
  readonly weight?: number;
}

/**
 * The order in which one generation tries its routes. Without weights it is the order of the list. With weights the first route is drawn by
 * weight, the next by weight among those left, and so on. `draw` is the id of the generation, so a draw after a restart or in another
 * process gives the same order. Adding or removing a route does not change the order of the others.
 */
export function orderRoutes<Route extends WeightedRoute>(
  routes: readonly Route[],
  draw: string,
): readonly Route[] {
  if (routes.length < 2 || routes.every(({ weight }) => weight === undefined)) return routes;
  const rows = new Map<string, number>();
  return routes
    .map((route) => {
      const name = routeName(route);
      const row = rows.get(name) ?? 0;
      rows.set(name, row + 1);
      // Exponential clocks: the probability that the clock of rate `weight` rings first is `weight` divided by the sum of the rates still
      // running.
      const ringsAt = -Math.log(uniform(`${draw}\n${name}\n${row}`)) / (route.weight ?? 1);
      return { route, ringsAt };
    })
    .sort((a, b) => (a.ringsAt === b.ringsAt ? 0 : a.ringsAt - b.ringsAt))
    .map(({ route }) => route);
}

/** `<provider>/<model>`, as routes are written. Unambiguous, because a provider's name contains no slash. */
export function routeName({ provider, model }: RouteName): string {
  return `${provider}/${model}`;
}

/** A number in (0, 1) that depends only on the text: FNV-1a, then the finalizer of MurmurHash3, since FNV alone mixes high bits badly. */
function uniform(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32;
}
