import {
  type AnswerDescription,
  type ApiDescription,
  json,
  named,
  type OperationDescription,
  record,
} from '../../http/reference/api-description.ts';
import { schemas, statuses } from './answer-schemas.ts';
import { checkProductFields, checkSharedFields } from './create-body.ts';
import { checkTopUp } from './topups.ts';

/** Errors of every route: those of its guard, and those that can occur anywhere. */
const GUARD = [
  'authentication_failed',
  'account_disabled',
  'origin_not_allowed',
  'ip_not_allowed',
  'rate_limited',
  'rate_limiter_unavailable',
  'service_unavailable',
];
const ORDER = ['invalid_request', 'invalid_product', 'source_image_required', 'product_paused'];
const TAKEN_ON = ['invalid_image', 'idempotency_conflict', 'queue_full', 'insufficient_balance'];

const IDEMPOTENCY = { 'Idempotency-Key': 'Repeating the call with this key returns the same object.' };
const SANDBOX = {
  'Genlock-Sandbox': 'On sandbox routes: what should go wrong, e.g. `error=upstream_failed`.',
};
const LOCATION = { Location: 'Where it is read.' };
const REPLAYED = { ...LOCATION, 'Idempotent-Replayed': '`true`' };

/** The two schemas that check an order (one of them before the product is known), combined. */
const order = {
  type: 'object',
  properties: { ...checkSharedFields.schema.properties, ...checkProductFields.schema.properties },
  required: ['prompt'],
};
const file = { type: 'string', format: 'binary' };

const object = (name: string, description = 'It.', headers = {}): AnswerDescription => ({
  description,
  content: json(named(name)),
  headers,
});

const read = (
  path: string,
  tag: string,
  summary: string,
  answer: string,
  more: Partial<OperationDescription> = {},
): OperationDescription => ({
  method: 'get',
  path,
  tag,
  summary,
  answers: { 200: object(answer) },
  errors: [
    ...GUARD,
    ...(path.includes('{') ? ['not_found'] : []),
    ...(more.query ? ['invalid_request'] : []),
  ],
  ...more,
});

const ordered = {
  202: object('Generation', 'Queued.', LOCATION),
  200: object('Generation', 'Made by an earlier call with the same key.', REPLAYED),
};

const generations: readonly OperationDescription[] = [
  {
    method: 'post',
    path: '/v1/generations',
    tag: 'Generations',
    summary: 'Order work.',
    headers: { ...IDEMPOTENCY, ...SANDBOX },
    body: { required: true, content: json(order) },
    answers: ordered,
    errors: [...GUARD, ...ORDER, ...TAKEN_ON],
  },
  read('/v1/generations', 'Generations', 'List generations, newest first.', 'GenerationList', {
    query: {
      type: 'object',
      properties: {
        limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
        cursor: { type: 'string' },
        status: { type: 'string', enum: statuses },
        product: { type: 'string' },
      },
    },
  }),
  read('/v1/generations/{id}', 'Generations', 'Read a generation.', 'Generation'),
  {
    method: 'post',
    path: '/v1/generations/{id}/cancel',
    tag: 'Generations',
    summary: 'Cancel a queued generation.',
    answers: { 200: object('Generation', 'Canceled, now or earlier.') },
    errors: [...GUARD, 'invalid_request', 'not_found', 'invalid_state'],
  },
  {
    method: 'post',
    path: '/v1/generations/{id}/retry',
    tag: 'Generations',
    summary: 'Order a failed generation again.',
    headers: { ...IDEMPOTENCY, ...SANDBOX },
    answers: ordered,
    errors: [...GUARD, ...ORDER, ...TAKEN_ON, 'not_found', 'invalid_state'],
  },
];

const money: readonly OperationDescription[] = [
  {
    method: 'post',
    path: '/v1/quotes',
    tag: 'Money',
    summary: 'Get the price of an order.',
    body: { required: true, content: json(order) },
    answers: { 200: object('Quote') },
    errors: [...GUARD, ...ORDER],
  },
  read('/v1/balance', 'Money', 'Read the credits of the account.', 'Balance'),
  read('/v1/packs', 'Money', 'Credit packs.', 'PackList'),
  {
    method: 'post',
    path: '/v1/topups',
    tag: 'Money',
    summary: 'Ask for a pack.',
    headers: IDEMPOTENCY,
    body: { required: true, content: json(checkTopUp.schema) },
    answers: {
      201: object('TopUp', 'Waiting for its payment.', LOCATION),
      200: object('TopUp', 'Made by an earlier call with the same key.', REPLAYED),
    },
    errors: [...GUARD, 'invalid_request', 'invalid_pack', 'idempotency_conflict'],
  },
  read('/v1/topups/{id}', 'Money', 'Read a top-up.', 'TopUp'),
];

const files: readonly OperationDescription[] = [
  {
    method: 'post',
    path: '/v1/uploads',
    tag: 'Files',
    summary: 'Upload an input image.',
    body: {
      required: true,
      content: {
        'multipart/form-data': { type: 'object', properties: { file }, required: ['file'] },
        'image/*': file,
      },
    },
    answers: { 201: object('Upload', 'Stored.', { Location: 'The path of its bytes.' }) },
    errors: [...GUARD, 'invalid_request', 'invalid_image', 'image_too_large'],
  },
  ...['/v1/assets/{id}/content', '/v1/uploads/{id}/content'].map(
    (path): OperationDescription => ({
      method: 'get',
      path,
      tag: 'Files',
      summary: 'Read the bytes of a file.',
      headers: { Range: 'The part to send, e.g. `bytes=0-1023`.' },
      answers: {
        200: { description: 'All of it.', content: { '*/*': file } },
        206: { description: 'The range.', content: { '*/*': file } },
        304: { description: 'Had already.' },
      },
      errors: [...GUARD, 'not_found', 'invalid_request'],
    }),
  ),
];

const operations: readonly OperationDescription[] = [
  {
    method: 'get',
    path: '/healthz',
    tag: 'Service',
    summary: 'Whether it is up.',
    answers: { 200: { description: 'It is up.', content: json(record({ status: { const: 'ok' } })) } },
    errors: [],
    open: true,
  },
  ...generations,
  read('/v1/products', 'Catalogue', 'List the products.', 'ProductList'),
  read('/v1/products/{id}', 'Catalogue', 'Read one product.', 'Product'),
  ...money,
  ...files,
];

/** The contract as data. Bodies come from the schemas that check them. */
export function describe(): ApiDescription {
  return {
    title: 'Kiara dialect',
    description:
      'The Kiara API as this server speaks it. `docs/kiara.md` has a tour and shows how to rehearse each error.',
    operations,
    schemas,
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
