import Type, { type Static, type TSchema } from 'typebox';
import { MAX_WINDOW } from '../domain/circuit.ts';
import { KINDS } from '../domain/generation.ts';
import type { PriceUnit } from '../domain/pricing.ts';
import {
  CALL_LIMITS,
  CANCELED_SPELLINGS,
  LOG_LEVELS,
  WHEN_UNREACHABLE,
  type WhenUnreachable,
} from './config.ts';
import {
  choice,
  cidr,
  count,
  duration,
  factor,
  header,
  host,
  listen,
  pattern,
  size,
  text,
  url,
  usd,
} from './fields.ts';
import { PROVIDER_NAME } from './route.ts';

const PRICE_UNITS: [PriceUnit, ...PriceUnit[]] = ['call', 'image', 'second', 'character', 'token'];

const closed = (description: string) => ({ description, additionalProperties: false });
const optional = Type.Optional;

function map<Value extends TSchema>(description: string, value: Value) {
  return Type.Record(Type.String(), value, { description });
}

const WHEN_UNREACHABLE_TEXT =
  'What happens to calls while the rate limiter cannot be reached: refuse, or allow them uncounted.';

/** One choice for all limits of calls, or one for each. */
const whenUnreachable = Type.Unsafe<
  WhenUnreachable | { readonly [limit in (typeof CALL_LIMITS)[number]]?: WhenUnreachable }
>({
  type: ['string', 'object'],
  pattern: `^(${WHEN_UNREACHABLE.join('|')})$`,
  'x-form': { kind: 'choice', values: WHEN_UNREACHABLE },
  properties: Object.fromEntries(
    CALL_LIMITS.map((name) => [name, choice(WHEN_UNREACHABLE, `For this limit alone.`)]),
  ),
  ...closed(WHEN_UNREACHABLE_TEXT),
  examples: ['allow'],
});

const limits = Type.Object(
  {
    when_unreachable: optional(whenUnreachable),
    requests_per_minute: optional(
      count('Requests a minute; which ones count is the contract’s.', 60, 1, 1e9),
    ),
    reads_per_minute: optional(count('GET and HEAD requests a minute.', 600, 1, 1e9)),
    video_requests_per_minute: optional(
      count('Video submissions a minute, where the contract counts them apart.', 30, 1, 1e9),
    ),
    concurrent: optional(count('Generations not yet ended, where the contract limits them.', 10, 1, 1e9)),
    unfinished_jobs: optional(count('Generations queued or running.', 50, 1, 1e9)),
  },
  closed('Default limits of the dialect. A key’s own value wins over its account’s, and that over these.'),
);

const webhook = Type.Object(
  {
    retries: optional(count('Attempts after the first.', 8, 0, 100)),
    interval: optional(duration('Time between attempts.', '30s', '1ms', '7d')),
    timeout: optional(duration('How long one attempt may take.', '10s', '1ms', '10m')),
    timestamp_header: optional(header('The header that carries the time of signing.', 'X-Kiara-Timestamp')),
    signature_header: optional(header('The header that carries the signature.', 'X-Kiara-Signature')),
  },
  closed('How webhooks are sent.'),
);

const upload = Type.Object(
  {
    max_bytes: optional(size('The largest file that is taken.', '10MB', '1B', '1GB')),
    max_pixels: optional(count('The largest picture that is taken: width times height.', 50_000_000, 1, 1e9)),
  },
  closed('Caps on uploaded files.'),
);

const pack = Type.Object(
  {
    id: text('The name by which callers buy it.', 'pack_10'),
    usd: usd('What it costs and credits.', '10.00', true),
  },
  closed('Something that callers can buy.'),
);

const dialect = Type.Object(
  {
    asset_ttl: optional(duration('How long produced and uploaded files live.', '30d', '1ms', '3650d')),
    credit_usd: optional(usd('What one credit of the dialect is worth.', '0.01', true)),
    limits: optional(limits),
    webhook: optional(webhook),
    upload: optional(upload),
    packs: optional(
      Type.Array(pack, { description: 'Top-up packs; the list replaces the default one.', maxItems: 100 }),
    ),
    canceled_as: optional(
      choice(
        CANCELED_SPELLINGS,
        'Skytells only: how the status of a cancellation is spelled. Its SDKs need `cancelled`, its command line `canceled`.',
      ),
    ),
  },
  closed('Settings of one dialect; what is left out keeps the default of its contract.'),
);

/** One host name, or one for each part of a dialect that has two. */
const hosts = Type.Unsafe<string | Readonly<Record<string, string>>>({
  ...host('The host name at whose root the dialect is served.', 'kiara.example.com'),
  type: ['string', 'object'],
  properties: {
    api: host('The host name of the generation API.', 'api.example.com'),
    dashboard: host('The host name of the dashboard API.', 'example.com'),
  },
  additionalProperties: false,
});

const price = Type.Object(
  {
    unit: choice(PRICE_UNITS, 'What is counted.'),
    usd: usd('Price of one unit; of tokens, of a million input tokens.', '0.06'),
    output_usd: optional(usd('Tokens only: price of a million output tokens.', '1.20')),
    factors: optional(
      map(
        'Multipliers that depend on how the work is asked for: dimension, then value, then factor.',
        map(
          'The factor of each value; a value that is not listed costs the plain price.',
          factor('Multiplier.', 1.5),
        ),
      ),
    ),
    round_to: optional(usd('The result is rounded half up to a multiple of this.', '0.01', true)),
  },
  closed('What a call costs. It is held before the call; what is delivered is charged, never more.'),
);

interface RouteFile {
  readonly provider: string;
  readonly model: string;
  readonly weight?: number;
  readonly cost?: Static<typeof price>;
}

const route = Type.Unsafe<string | RouteFile>({
  type: ['string', 'object'],
  pattern: '^[^/]+/.+$',
  'x-form': { kind: 'route' },
  properties: {
    provider: text('A name under `providers`, or `sandbox`.', 'sandbox'),
    model: text('The provider’s own name of the model.', 'kiara-vogue'),
    weight: count(
      'Its share of first tries, beside the weights of the other routes; 0: only when all others failed.',
      3,
      0,
      1000,
    ),
    cost: { ...price, description: 'What the provider takes for a call, by its own price list.' },
  },
  required: ['provider', 'model'],
  ...closed('A provider and its model, as `<provider>/<model>` or as a map.'),
  examples: ['sandbox/kiara-vogue'],
});

const field = text('A field of the request body.', 'image_quality');

const model = Type.Object(
  {
    status: optional(choice(['active', 'paused', 'inactive'], 'Whether callers can use it.')),
    billable: optional(Type.Boolean({ description: 'False: refused as not billable.', examples: [true] })),
    price: optional(price),
    routes: optional(
      Type.Array(route, {
        description:
          'What serves it, in the order of trying, or drawn by weight. To switch the model off, set its `status`.',
        minItems: 1,
        'x-instead-of-none':
          'leave the key out to keep the default route; to switch the model off, write "status: inactive"',
        maxItems: 20,
      }),
    ),
    input_field: optional(
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        minLength: 1,
        maxLength: 200,
        description: 'The field that names the source media, where its length decides the price; null: none.',
        examples: ['video_url'],
      }),
    ),
    enterprise_only: optional(
      Type.Array(field, { description: 'Fields that only the enterprise plan may send.', maxItems: 100 }),
    ),
    exclusive: optional(
      Type.Array(
        Type.Unsafe<[string, string]>(
          Type.Array(field, { description: 'Two fields.', minItems: 2, maxItems: 2 }),
        ),
        { description: 'Pairs of fields that may not be sent together.', maxItems: 100 },
      ),
    ),
    deadline: optional(duration('After this a generation of the model is failed.', '10m', '1ms', '7d')),
  },
  closed('Settings of one model; what is left out keeps the default of the dialect.'),
);

const provider = Type.Object(
  { type: text('Which kind of provider this is.', 'openai-compatible') },
  {
    description: 'One upstream: its type, and settings of that type. Secrets belong into the environment.',
    additionalProperties: {
      description: 'A setting of the provider type, such as `base_url` or `api_key`.',
      examples: ['https://api.example.com/v1', `$\{OPENAI_API_KEY}`],
    },
  },
);

const moderation = Type.Object(
  {
    words: optional(
      Type.Array(text('A word or phrase.', 'forbidden'), {
        description: 'Words that no prompt may hold.',
        maxItems: 10_000,
      }),
    ),
    patterns: optional(
      Type.Array(pattern('JavaScript regular expression, flags in front: `(?i)…`.', '(?i)forbidden words?'), {
        description: 'Regular expressions that no prompt may match.',
        maxItems: 1000,
      }),
    ),
  },
  closed('What is refused before any provider sees it.'),
);

const outbound = Type.Object(
  {
    allow: optional(
      Type.Array(cidr('An address or network.', '10.0.0.0/8'), {
        description: 'Networks that outbound calls may reach over http and https besides public https.',
        maxItems: 1000,
      }),
    ),
  },
  closed('Calls to addresses that callers name: input files and webhooks.'),
);

const trustedProxies = Type.Array(cidr('An address or network.', '10.0.0.1/32'), {
  description: 'Reverse proxies whose X-Forwarded-For header tells the address of the caller.',
  maxItems: 1000,
});

const retries = Type.Object(
  {
    max_attempts: optional(count('Attempts of one generation, over all its routes.', 4, 1, 100)),
    attempts_per_route: optional(count('Attempts at one route before the next is tried.', 3, 1, 100)),
    base_delay: optional(
      duration('The longest wait before the second attempt; it doubles each time.', '500ms', '0ms', '1h'),
    ),
    max_delay: optional(duration('The longest wait before any attempt.', '30s', '0ms', '1h')),
    max_cost: optional(
      factor(
        'A route with a `cost` is used for a call only up to so many times what the caller was quoted.',
        1,
      ),
    ),
  },
  closed('What happens after a failed attempt at a provider.'),
);

const routeHealth = Type.Object(
  {
    window: optional(count('How many of the last outcomes count.', 20, 1, MAX_WINDOW)),
    min_calls: optional(count('With fewer outcomes than these nothing is concluded.', 5, 1, MAX_WINDOW)),
    failure_ratio: optional(
      Type.Number({
        description: 'With this share of failures a route opens: it is left alone.',
        examples: [0.5],
        minimum: 0.01,
        maximum: 1,
      }),
    ),
    forget_after: optional(
      duration('Outcomes count no more when none followed for so long.', '1m', '1s', '1d'),
    ),
    open_for: optional(
      duration('How long a route is left alone; twice as long each time.', '15s', '10ms', '1h'),
    ),
    max_open: optional(duration('The longest that failures keep a route open.', '5m', '10ms', '1d')),
    broken_for: optional(
      duration('How long, when its key is refused or the account there is empty.', '5m', '10ms', '1d'),
    ),
    rest_for: optional(
      duration('How long it rests after a rate limit that does not say how long.', '1s', '0ms', '1h'),
    ),
  },
  closed('When a route that fails is left alone, so that the others serve what it would have failed.'),
);

const worker = Type.Object(
  {
    concurrency: optional(count('Generations that one process runs at a time.', 128, 1, 100_000)),
    lease: optional(duration('How long a crashed process’s work stays untouched.', '10s', '100ms', '10m')),
  },
  closed('The part of a process that runs generations.'),
);

const deadline = (kind: string) =>
  optional(
    duration(`After this a ${kind} generation is failed, whatever a provider says.`, '10m', '1ms', '7d'),
  );

const deadlines = Type.Object(
  {
    image: deadline(KINDS[0]),
    video: deadline(KINDS[1]),
    speech: deadline(KINDS[2]),
    text: deadline(KINDS[3]),
    batch: deadline(KINDS[4]),
    training: deadline(KINDS[5]),
  },
  closed('How long a generation may take, by kind.'),
);

const log = Type.Object(
  { level: optional(choice(LOG_LEVELS, 'The least important messages that are written.')) },
  closed('Logs.'),
);

const metrics = Type.Object(
  {
    listen: optional(
      listen(
        'An address of its own for /metrics, where no token is asked for. Without it, /metrics is served with the admin token beside everything else. Taken at start only.',
        '127.0.0.1:9464',
      ),
    ),
  },
  closed('Metrics for Prometheus.'),
);

const telemetry = Type.Object(
  {
    otlp: optional(
      url(
        'The OpenTelemetry collector that traces are sent to, as OTLP over HTTP; /v1/traces is put behind it. Without it the variable OTEL_EXPORTER_OTLP_ENDPOINT decides. Taken at start only.',
        'http://127.0.0.1:4318',
      ),
    ),
    sample: optional(
      Type.Number({
        description:
          'The share of traces begun here that are recorded; those of callers are where they record them.',
        examples: [1],
        minimum: 0,
        maximum: 1,
      }),
    ),
  },
  closed('Traces.'),
);

/** The form of `genlock.yaml`, for editors and for {@link loadConfig}. JSON Schema draft 7, which editors know best. */
export const genlockSchema = Type.Object(
  {
    dialects: optional(map('Settings by dialect, such as `kiara`.', dialect)),
    hosts: optional(map('Host names of the dialects that are served at the root of one.', hosts)),
    models: optional(map('Settings by model, named `<dialect>/<model id>`.', model)),
    providers: optional(
      Type.Record(Type.String(), provider, {
        description: 'Upstreams by the name that routes use. `sandbox` is always there.',
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
        closed('What holds for the limits of all dialects that do not say otherwise.'),
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

/** A file that fits {@link genlockSchema}. */
export type ConfigFile = Static<typeof genlockSchema>;
export type DialectFile = NonNullable<ConfigFile['dialects']>[string];
export type ModelFile = NonNullable<ConfigFile['models']>[string];
export type PriceFile = NonNullable<ModelFile['price']>;
export type { RouteFile };
