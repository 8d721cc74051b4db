import { named, nullable, record, type Schema } from '../../http/reference/api-description.ts';

/* The objects that this API answers with. A test checks answers against them. */

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };
const link = { type: 'string', format: 'uri' };
const count = { type: 'integer', minimum: 0 };
const free = { type: 'object' };
const usd = { type: 'string', description: 'US dollars.', examples: ['0.10'] };
const credits = { ...count, description: 'Credits.' };
const choice = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
const id = (example: string): Schema => ({ type: 'string', examples: [example] });

const mode = choice('live', 'sandbox');
export const statuses = ['queued', 'processing', 'completed', 'failed', 'canceled'];

const list = (item: string): Schema =>
  record({ object: { const: 'list' }, data: { type: 'array', items: named(item) } });

/** Members that only some inputs of a product have, for the limits of the input. */
const bounds = { min: count, max: count, values: { type: 'array', items: text } };
const inputFacts = { name: text, type: text, required: { type: 'boolean' } };

export const schemas: Readonly<Record<string, Schema>> = {
  Generation: record({
    id: id('gen_01J9ZQ3W0V6N8T5R2K4M7P1XYA'),
    object: { const: 'generation' },
    status: choice(...statuses),
    product: text,
    mode,
    created_at: time,
    updated_at: { ...time, description: 'When its status changed last.' },
    started_at: nullable(time),
    finished_at: nullable(time),
    input: { ...free, description: 'What was asked for, defaults and the drawn seed filled in.' },
    metadata: nullable(free),
    result: nullable(
      record({
        asset_id: text,
        url: { ...link, description: 'Read with the key.' },
        content_type: text,
        bytes: count,
        width: nullable(count),
        height: nullable(count),
        duration_seconds: nullable({ type: 'number' }),
      }),
    ),
    error: nullable(record({ code: { const: 'generation_failed' }, message: text, request_id: text })),
    credits: record({ held: credits, charged: credits, refunded: credits }),
    retry_of: { ...nullable(text), description: 'The failed generation that it repeats.' },
  }),
  GenerationList: record({
    object: { const: 'list' },
    data: { type: 'array', items: named('Generation') },
    has_more: { type: 'boolean' },
    next_cursor: { ...nullable(text), description: 'For `cursor` of the next page; null at the end.' },
  }),
  Product: record({
    id: text,
    object: { const: 'product' },
    name: text,
    kind: choice('image', 'video'),
    output: choice('image/jpeg', 'video/mp4'),
    status: choice('active', 'paused'),
    stability: text,
    pricing: nullable(
      record({
        unit: text,
        usd,
        credits: { type: 'string', description: 'Of one unit.', examples: ['16.6'] },
        multipliers: {
          type: 'object',
          description: 'What costs more, by input and value.',
          additionalProperties: { type: 'object', additionalProperties: { type: 'number' } },
        },
      }),
    ),
    average_seconds: count,
    inputs: {
      type: 'array',
      items: { ...record(inputFacts), properties: { ...inputFacts, ...bounds } },
    },
  }),
  ProductList: list('Product'),
  Quote: record({ product: text, credits, usd, max_credits: credits }),
  Balance: record({
    object: { const: 'balance' },
    mode,
    credits,
    held: credits,
    available: { ...nullable(count), description: 'Null for a sandbox key, which never runs out.' },
    updated_at: time,
  }),
  Pack: record({ id: text, object: { const: 'pack' }, credits, usd }),
  PackList: list('Pack'),
  TopUp: record({
    id: id('top_01J9ZQ3W0V6N8T5R2K4M7P1XYA'),
    object: { const: 'topup' },
    status: choice('pending', 'paid', 'expired'),
    mode,
    pack: text,
    credits,
    usd,
    payment: record({ method: text, currency: text, amount_usd: usd, address: text, expires_at: time }),
    created_at: time,
    paid_at: nullable(time),
  }),
  Upload: record({
    id: id('upl_01J9ZQ3W0V6N8T5R2K4M7P1XYA'),
    object: { const: 'upload' },
    url: { ...link, description: 'For any `…_image_url` of an order.' },
    content_type: choice('image/jpeg', 'image/png', 'image/webp'),
    bytes: count,
    width: count,
    height: count,
    created_at: time,
    expires_at: time,
  }),
};
