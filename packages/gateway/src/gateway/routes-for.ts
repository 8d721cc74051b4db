import type { Mode } from '../domain/generation.ts';
import type { RouteRef } from '../store/port.ts';
import type { Core } from './core.ts';
import type { Model } from './model.ts';

/** The provider that is always there and free. */
const SANDBOX = 'sandbox';

/**
 * What may run the model in this mode, in order. Test-mode work is charged to nobody, so it goes to free providers only; where the
 * model has none, to the sandbox. A model without any route runs in no mode.
 */
export function routesFor(core: Core, model: Model, mode: Mode): readonly RouteRef[] {
  if (mode === 'live' || model.routes.length === 0) return model.routes;
  const free = model.routes.filter(
    ({ provider }) => core.providers.get(provider)?.capabilities.free === true,
  );
  return free.length > 0 ? free : [{ provider: SANDBOX, model: model.id }];
}
