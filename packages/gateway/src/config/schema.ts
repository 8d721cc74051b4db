import Type, { type Static } from 'typebox';
import { WHEN_UNREACHABLE } from './config.ts';
import { choice } from './fields.ts';
import { PROVIDER_NAME } from './route.ts';
import { dialect, hosts } from './schema/dialect.ts';
import { model } from './schema/model.ts';
import { provider } from './schema/provider.ts';
import { closed, map, optional } from './schema/shapes.ts';
import { log, metrics, telemetry } from './schema/telemetry.ts';
import { moderation, outbound, trustedProxies } from './schema/traffic.ts';
import { WHEN_UNREACHABLE_TEXT } from './schema/when-unreachable.ts';
import { deadlines, retries, routeHealth, worker } from './schema/work.ts';

/** The schema of `genlock.yaml`, for editors and for {@link loadConfig}. JSON Schema draft 7, which editors support best. */
export const genlockSchema = Type.Object(
  {
    dialects: optional(map('Settings by dialect, such as `kiara`.', dialect)),
    hosts: optional(map('Host names for dialects that are served at the root of a host.', hosts)),
    models: optional(map('Settings by model, named `<dialect>/<model id>`.', model)),
    providers: optional(
      Type.Record(Type.String(), provider, {
        description: 'Upstreams, by the name that routes use. `sandbox` always exists.',
        propertyNames: {
          pattern: PROVIDER_NAME,
          description: 'a provider name of letters, digits, ".", "_" and "-", up to 64',
        },
      }),
    ),
    moderation: optional(moderation),
    outbound: optional(outbound),
    trusted_proxies: optional(trustedProxies),
    limits: optional(
      Type.Object(
        { when_unreachable: optional(choice(WHEN_UNREACHABLE, WHEN_UNREACHABLE_TEXT)) },
        closed('What applies to the limits of every dialect that does not say otherwise.'),
      ),
    ),
    retries: optional(retries),
    route_health: optional(routeHealth),
    worker: optional(worker),
    deadlines: optional(deadlines),
    log: optional(log),
    metrics: optional(metrics),
    telemetry: optional(telemetry),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'genlock.yaml',
    ...closed('Configuration of Genlock. Every setting has a default; an empty file is valid.'),
  },
);

/** The content of a file that fits {@link genlockSchema}. */
export type ConfigFile = Static<typeof genlockSchema>;
export type DialectFile = NonNullable<ConfigFile['dialects']>[string];
export type ModelFile = NonNullable<ConfigFile['models']>[string];
export type PriceFile = NonNullable<ModelFile['price']>;
export type { RouteFile } from './schema/model.ts';
