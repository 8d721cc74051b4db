/** One way to get a generation done: a provider and its model. */
export interface RouteName {
  readonly provider: string;
  readonly model: string;
}

export interface WeightedRoute extends RouteName {
  /** Its share of first tries, beside those of the others; 1 where others have one. 0: only when all others are spent. */
  readonly weight?: number;
}

/**
 * The routes in the order in which one generation tries them. Without weights that is the order of the list. With weights the
 * first is drawn by weight, the next by weight among those left, and so on. `draw` is the id of the generation: who draws
 * again, after a restart or in another process, draws the same. A route that comes or goes leaves the order of the others.
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
      // Exponential clocks: the one of rate `weight` rings first with a chance of `weight` over the sum of all that still run.
      const ringsAt = -Math.log(uniform(`${draw}\n${name}\n${row}`)) / (route.weight ?? 1);
      return { route, ringsAt };
    })
    .sort((a, b) => (a.ringsAt === b.ringsAt ? 0 : a.ringsAt - b.ringsAt))
    .map(({ route }) => route);
}

/** `<provider>/<model>`, as routes are written: providers have no slash in their names. */
export function routeName({ provider, model }: RouteName): string {
  return `${provider}/${model}`;
}

/** In (0, 1), always the same for the same text: FNV-1a, then the finalizer of MurmurHash3, since FNV alone mixes high bits badly. */
function uniform(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32;
}
