import {
  type ApiDescription,
  json,
  type OperationDescription,
  record,
} from '../../http/reference/api-description.ts';
import { checkProductFields, checkSharedFields } from './create-body.ts';
import { checkTopUp } from './topups.ts';

const GENERATION = { type: 'object', description: 'The generation (contract section 6).' };
const LIST = record({
  object: { const: 'list' },
  data: { type: 'array', items: { type: 'object' } },
  has_more: { type: 'boolean' },
  next_cursor: { anyOf: [{ type: 'string' }, { type: 'null' }] },
});

/** The two schemas that check an order, one before its product is known, as one. */
const order = {
  type: 'object',
  properties: { ...checkSharedFields.schema.properties, ...checkProductFields.schema.properties },
  required: ['prompt'],
};

const IDEMPOTENCY = { 'Idempotency-Key': 'The same call again gives the same object.' };
const file = { type: 'string', format: 'binary' };

const get = (
  path: string,
  tag: string,
  summary: string,
  schema: object = { type: 'object' },
): OperationDescription => ({
  method: 'get',
  path,
  tag,
  summary,
  answers: { 200: { description: 'It.', content: json(schema) } },
});

const post = (
  path: string,
  tag: string,
  summary: string,
  more: Partial<OperationDescription> = {},
): OperationDescription => ({
  method: 'post',
  path,
  tag,
  summary,
  answers: { 200: { description: 'It.', content: json({ type: 'object' }) } },
  ...more,
});

const ordered = {
  202: { description: 'Queued.', content: json(GENERATION) },
  200: { description: 'An earlier call under the same key made it.', content: json(GENERATION) },
};

const operations: readonly OperationDescription[] = [
  { ...get('/healthz', 'Service', 'Whether it is up.'), open: true, errors: [] },
  post('/v1/generations', 'Generations', 'Order work.', {
    headers: IDEMPOTENCY,
    body: { required: true, content: json(order) },
    answers: ordered,
  }),
  {
    ...get('/v1/generations', 'Generations', 'List them, newest first.', LIST),
    query: {
      type: 'object',
      properties: {
        limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
        cursor: { type: 'string' },
        status: { type: 'string', enum: ['queued', 'processing', 'completed', 'failed', 'canceled'] },
        product: { type: 'string' },
      },
    },
  },
  get('/v1/generations/{id}', 'Generations', 'Read one.', GENERATION),
  post('/v1/generations/{id}/cancel', 'Generations', 'Cancel one that is queued.'),
  post('/v1/generations/{id}/retry', 'Generations', 'Order a failed one again.', {
    headers: IDEMPOTENCY,
    answers: ordered,
  }),
  get('/v1/products', 'Catalogue', 'List the products.'),
  get('/v1/products/{id}', 'Catalogue', 'Read one product.'),
  post('/v1/quotes', 'Money', 'What an order would cost.', {
    body: { required: true, content: json(order) },
  }),
  get('/v1/balance', 'Money', 'Credits of the account.'),
  get('/v1/packs', 'Money', 'Credit packs.'),
  post('/v1/topups', 'Money', 'Ask for a pack.', {
    headers: IDEMPOTENCY,
    body: { required: true, content: json(checkTopUp.schema) },
    answers: {
      201: { description: 'Waits for its payment.', content: json({ type: 'object' }) },
      200: { description: 'An earlier call under the same key made it.', content: json({ type: 'object' }) },
    },
  }),
  get('/v1/topups/{id}', 'Money', 'Read a top-up.'),
  post('/v1/uploads', 'Files', 'Upload an input image.', {
    body: {
      required: true,
      content: {
        'multipart/form-data': { type: 'object', properties: { file }, required: ['file'] },
        'image/*': file,
      },
    },
    answers: { 201: { description: 'Kept.', content: json({ type: 'object' }) } },
  }),
  ...['/v1/assets/{id}/content', '/v1/uploads/{id}/content'].map(
    (path): OperationDescription => ({
      ...get(path, 'Files', 'The bytes of a file.'),
      answers: {
        200: { description: 'All of it.', content: { '*/*': file } },
        206: { description: 'The range.', content: { '*/*': file } },
        304: { description: 'Had already.' },
      },
    }),
  ),
];

/** The contract in data, as far as schemas check it. */
export function describe(): ApiDescription {
  return {
    title: 'Kiara dialect',
    description:
      'The Kiara API as this server speaks it. `docs/kiara.md` has a tour, and how to rehearse each error.',
    operations,
    schemas: {},
    error: json({
      type: 'object',
      properties: {
        error: {
          type: 'object',
          properties: {
            code: { type: 'string' },
            message: { type: 'string' },
            request_id: { type: 'string' },
            field: { type: 'string' },
            reason: { type: 'string' },
          },
          required: ['code', 'message', 'request_id'],
        },
      },
      required: ['error'],
    }),
    auth: { type: 'http', scheme: 'bearer' },
  };
}
