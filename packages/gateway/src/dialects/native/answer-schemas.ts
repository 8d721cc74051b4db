import { canonicalCodes } from '@genlock/contracts';
import { MODES, STATUSES } from '../../domain/generation.ts';
import { KINDS } from '../../domain/request.ts';
import { named, nullable, record, type Schema } from '../../http/reference/api-description.ts';
import { EVENTS } from './webhook-events.ts';

/*
 * The objects that this API answers with. A test checks answers against them. Requests are checked by the schemas in inputs.ts and
 * create-body.ts.
 */

const text = { type: 'string' };
const id = (example: string): Schema => ({ type: 'string', examples: [example] });
const time = { type: 'string', format: 'date-time' };
const usd = {
  type: 'string',
  pattern: '^\\d+(\\.\\d{1,6})?$',
  description: 'US dollars.',
  examples: ['0.04'],
};
const count = { type: 'integer', minimum: 0 };
const amount = { type: 'number', minimum: 0 };
const choice = (values: readonly string[]): Schema => ({ type: 'string', enum: [...values] });
const free = { type: 'object' };

const code = choice(canonicalCodes);
const blame = choice(['caller', 'operator', 'provider']);
const retry = choice(['never', 'after_fix', 'backoff', 'after_delay']);

const list = (item: string): Schema =>
  record({
    object: { const: 'list' },
    data: { type: 'array', items: named(item) },
    next_cursor: { ...nullable(text), description: 'For `cursor` of the next page; null at the end.' },
  });

export const schemas: Readonly<Record<string, Schema>> = {
  Generation: record({
    id: id('gen_01JB2V4T8E0000000000000000'),
    object: { const: 'generation' },
    dialect: { type: 'string', description: 'The dialect that it was ordered in.' },
    model: text,
    kind: choice(KINDS),
    mode: choice(MODES),
    status: choice(STATUSES),
    input: { ...free, description: 'What was asked for, defaults and the drawn seed filled in.' },
    metadata: nullable(free),
    output: nullable(
      record({
        assets: { type: 'array', items: named('Asset') },
        text: {
          ...nullable(text),
          description: 'What a text model wrote; null in lists and webhooks, where the asset has it.',
        },
      }),
    ),
    error: nullable(record({ code, message: text, blame, retry, request_id: text })),
    progress: nullable(
      record({ percent: { type: 'number' }, metrics: { type: 'object', additionalProperties: amount } }),
    ),
    usage: {
      ...nullable({
        type: 'object',
        properties: {
          images: count,
          seconds: amount,
          characters: count,
          input_tokens: count,
          output_tokens: count,
        },
        additionalProperties: false,
      }),
      description: 'What was delivered, as the charge counts it.',
    },
    cost: record({
      quoted_usd: { ...usd, description: 'What was held at first, and the most that is charged.' },
      held_usd: usd,
      charged_usd: usd,
      released_usd: usd,
    }),
    retry_of: nullable(text),
    created_at: time,
    started_at: nullable(time),
    finished_at: nullable(time),
  }),
  GenerationList: list('Generation'),
  Asset: record({
    id: id('asset_01JB2V4T8E0000000000000000'),
    object: { const: 'asset' },
    url: { type: 'string', format: 'uri', description: 'Fetched with the key.' },
    generation_id: { ...nullable(text), description: 'Null for an upload.' },
    index: count,
    content_type: text,
    bytes: count,
    sha256: text,
    width: nullable(count),
    height: nullable(count),
    duration_seconds: nullable(amount),
    fps: nullable(amount),
    has_sound: nullable({ type: 'boolean' }),
    created_at: time,
    expires_at: time,
  }),
  Model: record({
    id: id('genlock/image'),
    object: { const: 'model' },
    name: text,
    kind: choice(KINDS),
    status: choice(['active', 'paused']),
    price: {
      ...nullable(free),
      description: 'By unit, with the factors that raise or lower it.',
    },
    input_schema: { ...free, description: 'The JSON Schema that `input` is checked by.' },
  }),
  ModelList: list('Model'),
  Quote: record({ object: { const: 'quote' }, model: text, usd, input: free }),
  Balance: record({
    object: { const: 'balance' },
    mode: choice(MODES),
    available_usd: { ...nullable(usd), description: 'Null with a test key, which never runs out.' },
    held_usd: usd,
    subscription_usd: usd,
    permanent_usd: usd,
  }),
  Usage: record({
    object: { const: 'usage' },
    mode: choice(MODES),
    from: time,
    to: time,
    charged_usd: usd,
    latency_ms: record({ p50: amount, p95: amount, p99: amount }),
    data: {
      type: 'array',
      items: record({
        dialect: text,
        model: text,
        kind: choice(KINDS),
        requests: count,
        failed: count,
        images: count,
        seconds: amount,
        characters: count,
        input_tokens: count,
        output_tokens: count,
        charged_usd: usd,
      }),
    },
  }),
  WebhookEndpoint: record({
    id: id('whe_01JB2V4T8E0000000000000000'),
    object: { const: 'webhook_endpoint' },
    url: text,
    events: { type: 'array', items: choice(EVENTS) },
    status: choice(['active', 'disabled']),
    created_at: time,
  }),
  WebhookEndpointList: list('WebhookEndpoint'),
  WebhookDelivery: record({
    id: id('evt_01JB2V4T8E0000000000000000'),
    object: { const: 'webhook_delivery' },
    event: text,
    url: text,
    endpoint_id: nullable(text),
    generation_id: nullable(text),
    mode: choice(MODES),
    status: choice(['pending', 'delivered', 'failed']),
    attempts: {
      type: 'array',
      items: record({ at: time, status: nullable({ type: 'integer' }), error: nullable(text) }),
    },
    next_attempt_at: nullable(time),
    created_at: time,
  }),
  WebhookDeliveryList: list('WebhookDelivery'),
  WebhookSecret: record({ object: { const: 'webhook_secret' }, secret: text }),
};

/** An endpoint with its secret, which is shown only once. */
export const endpointWithSecret: Schema = {
  type: 'object',
  description: 'The endpoint, with its secret, which is shown this once.',
  properties: {
    ...(schemas.WebhookEndpoint as { properties: Record<string, Schema> }).properties,
    secret: text,
    old_secret_expires_at: time,
  },
  required: [...(schemas.WebhookEndpoint as { required: string[] }).required, 'secret'],
  additionalProperties: false,
};
