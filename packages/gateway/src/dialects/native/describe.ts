import {
  type ApiDescription,
  json,
  named,
  type OperationDescription,
  type Schema,
} from '../../http/reference/api-description.ts';
import { problemSchema } from '../../http/reference/problem-schema.ts';
import { endpointWithSecret, schemas } from './answer-schemas.ts';
import { createBody } from './create-body.ts';
import { listQuery, pageQuery, usageQuery } from './list-schemas.ts';
import { nativeModels } from './models.ts';
import { checkEndpoint, checkEndpointPatch, checkRotation } from './webhooks.ts';

/** Errors of every route: those of its guard, and those that can occur anywhere. */
const GUARD = [
  'unauthenticated',
  'account_disabled',
  'origin_not_allowed',
  'ip_not_allowed',
  'rate_limited',
  'limiter_unavailable',
  'internal_error',
  'storage_unavailable',
];
const BODY = ['malformed_request', 'parameter_missing', 'invalid_parameter'];

const IDEMPOTENCY = {
  'Idempotency-Key':
    'A string of your choice, e.g. `"order-17"`. Repeating the call with this key returns the same generation.',
};
const PREFER = {
  Prefer: '`wait=10`: answer when the generation has ended, or after this many seconds (at most 60).',
};
const SANDBOX = {
  'Genlock-Sandbox': 'On sandbox routes: what should go wrong, e.g. `error=upstream_failed`.',
};
const PREFERENCE_APPLIED = { 'Preference-Applied': 'The time that was granted, e.g. `wait=10`.' };
const LOCATION = { Location: 'Where it is read.' };

const created = (what: string, ended: string) => ({
  201: {
    description: `${what} and already ended (with \`Prefer: wait\`).`,
    content: json(named('Generation')),
    headers: { ...LOCATION, ...PREFERENCE_APPLIED },
  },
  200: {
    description: ended,
    content: json(named('Generation')),
    headers: { ...LOCATION, 'Idempotent-Replayed': '`true`' },
  },
  202: {
    description: `${what}, not ended yet.`,
    content: json(named('Generation')),
    headers: { ...LOCATION, ...PREFERENCE_APPLIED },
  },
});

const read = (
  path: string,
  tag: string,
  summary: string,
  schema: Schema,
  more: Partial<OperationDescription> = {},
): OperationDescription => ({
  method: 'get',
  path,
  tag,
  summary,
  answers: { 200: { description: 'It.', content: json(schema) } },
  errors: [
    ...GUARD,
    ...(path.includes('{') ? ['not_found'] : []),
    ...(more.query ? ['invalid_parameter'] : []),
  ],
  ...more,
});

const orderBody = { oneOf: nativeModels.map(createBody) };

const generations: readonly OperationDescription[] = [
  {
    method: 'post',
    path: '/generations',
    tag: 'Generations',
    summary:
      'Order work. With `stream`, text comes as server-sent events: `created`, `delta`, `tool_calls`, `ended`, or `problem`.',
    headers: { ...IDEMPOTENCY, ...PREFER, ...SANDBOX },
    body: { required: true, content: json(orderBody) },
    answers: {
      ...created('Ordered', 'Made by an earlier call with the same key; or text as a stream.'),
      200: {
        description: 'Made by an earlier call with the same key, and ended; or text as a stream.',
        content: { ...json(named('Generation')), 'text/event-stream': { type: 'string' } },
        headers: { ...LOCATION, 'Idempotent-Replayed': '`true` if an earlier call made it.' },
      },
    },
  },
  read('/generations', 'Generations', 'List generations, newest first.', named('GenerationList'), {
    query: listQuery,
  }),
  read(
    '/generations/{id}',
    'Generations',
    'Read a generation, now or when it has ended.',
    named('Generation'),
    {
      headers: PREFER,
    },
  ),
  {
    method: 'post',
    path: '/generations/{id}/cancel',
    tag: 'Generations',
    summary: 'Cancel a generation that has not ended. Its whole hold is released.',
    answers: { 200: { description: 'Canceled.', content: json(named('Generation')) } },
    errors: [...GUARD, 'not_found', 'invalid_state'],
  },
  {
    method: 'post',
    path: '/generations/{id}/retry',
    tag: 'Generations',
    summary: 'Order a failed generation again: a new one with the same input at the present price.',
    headers: { ...IDEMPOTENCY, ...PREFER, ...SANDBOX },
    answers: created('Ordered', 'Made by an earlier call with the same key, and ended.'),
  },
  {
    method: 'get',
    path: '/generations/{id}/events',
    tag: 'Generations',
    summary: 'Follow a generation as server-sent events: `created`, `started`, `progress`, `ended`.',
    headers: { 'Last-Event-ID': 'The id of the last event seen: only later events are sent.' },
    answers: {
      200: { description: 'The stream up to the end.', content: { 'text/event-stream': { type: 'string' } } },
      204: { description: 'All events have been seen.' },
    },
    errors: [...GUARD, 'not_found'],
  },
  read(
    '/generations/{id}/deliveries',
    'Webhooks',
    'List the webhooks of a generation.',
    named('WebhookDeliveryList'),
  ),
];

const files: readonly OperationDescription[] = [
  {
    method: 'post',
    path: '/uploads',
    tag: 'Files',
    summary: 'Upload a source image, clip or sound.',
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          type: 'object',
          properties: { file: { type: 'string', format: 'binary' } },
          required: ['file'],
        },
        'image/*': { type: 'string', format: 'binary' },
        'audio/*': { type: 'string', format: 'binary' },
        'video/*': { type: 'string', format: 'binary' },
      },
    },
    answers: { 201: { description: 'Stored.', content: json(named('Asset')), headers: LOCATION } },
    errors: [...GUARD, 'malformed_request', 'parameter_missing', 'invalid_media', 'media_too_large'],
  },
  read('/assets/{id}', 'Files', 'Read the facts about a file, produced or uploaded.', named('Asset')),
  {
    method: 'get',
    path: '/assets/{id}/content',
    tag: 'Files',
    summary: 'Read the bytes of a file.',
    headers: {
      Range: 'One range of bytes.',
      'If-Range': 'The ETag that the range belongs to.',
      'If-None-Match': 'The ETag of a copy that you have.',
    },
    answers: {
      200: {
        description: 'All of it.',
        content: { '*/*': { type: 'string', format: 'binary' } },
        headers: { ETag: 'Strong.' },
      },
      206: { description: 'The range.', content: { '*/*': { type: 'string', format: 'binary' } } },
      304: { description: 'Had already.' },
      416: { description: 'The range lies outside the file.' },
    },
    errors: [...GUARD, 'not_found'],
  },
];

const money: readonly OperationDescription[] = [
  read('/models', 'Models and money', 'List the models.', named('ModelList')),
  read('/models/{id}', 'Models and money', 'Read a model. Its id may contain a slash.', named('Model')),
  {
    method: 'post',
    path: '/quotes',
    tag: 'Models and money',
    summary: 'Get the price of an order. Takes the same body and stores nothing.',
    body: { required: true, content: json(orderBody) },
    answers: { 200: { description: 'The quote.', content: json(named('Quote')) } },
    errors: [
      ...GUARD,
      ...BODY,
      'parameter_conflict',
      'model_not_found',
      'model_unsupported',
      'model_not_billable',
    ],
  },
  read('/balance', 'Models and money', 'Read the balance.', named('Balance')),
  read('/usage', 'Models and money', 'Read the usage in a period, by model.', named('Usage'), {
    query: usageQuery,
  }),
];

const webhooks: readonly OperationDescription[] = [
  {
    method: 'post',
    path: '/webhook-endpoints',
    tag: 'Webhooks',
    summary: 'Set up a receiver of events.',
    body: { required: true, content: json(checkEndpoint.schema) },
    answers: { 201: { description: 'Set up.', content: json(endpointWithSecret), headers: LOCATION } },
    errors: [...GUARD, ...BODY, 'invalid_state'],
  },
  read('/webhook-endpoints', 'Webhooks', 'List the receivers.', named('WebhookEndpointList')),
  read('/webhook-endpoints/{id}', 'Webhooks', 'Read a receiver.', named('WebhookEndpoint')),
  {
    method: 'patch',
    path: '/webhook-endpoints/{id}',
    tag: 'Webhooks',
    summary: 'Change a receiver.',
    body: { required: true, content: json(checkEndpointPatch.schema) },
    answers: { 200: { description: 'The changed receiver.', content: json(named('WebhookEndpoint')) } },
    errors: [...GUARD, ...BODY, 'not_found'],
  },
  {
    method: 'delete',
    path: '/webhook-endpoints/{id}',
    tag: 'Webhooks',
    summary: 'Remove a receiver. Its pending deliveries fail.',
    answers: { 204: { description: 'Gone.' } },
    errors: [...GUARD, 'not_found'],
  },
  {
    method: 'post',
    path: '/webhook-endpoints/{id}/rotate-secret',
    tag: 'Webhooks',
    summary: 'Give a receiver a new secret. For some time webhooks are signed with the old one, too.',
    body: { required: false, content: json(checkRotation.schema) },
    answers: { 200: { description: 'The new secret.', content: json(endpointWithSecret) } },
    errors: [...GUARD, ...BODY, 'not_found'],
  },
  read(
    '/webhook-endpoints/{id}/deliveries',
    'Webhooks',
    'List the deliveries of a receiver, newest first.',
    named('WebhookDeliveryList'),
    { query: pageQuery },
  ),
  read('/webhook-deliveries/{id}', 'Webhooks', 'Read a delivery.', named('WebhookDelivery')),
  {
    method: 'post',
    path: '/webhook-deliveries/{id}/redeliver',
    tag: 'Webhooks',
    summary: 'Send a delivery again now.',
    answers: { 202: { description: 'Due now.', content: json(named('WebhookDelivery')) } },
    errors: [...GUARD, 'not_found'],
  },
  read(
    '/webhook-secret',
    'Webhooks',
    'Read the secret that signs webhooks whose URL came with an order.',
    named('WebhookSecret'),
  ),
  {
    method: 'post',
    path: '/webhook-secret/rotate',
    tag: 'Webhooks',
    summary: 'Replace that secret, from the next attempt on.',
    answers: { 200: { description: 'The new secret.', content: json(named('WebhookSecret')) } },
    errors: GUARD,
  },
];

/** Our own API as data. */
export function describe(): ApiDescription {
  return {
    title: 'Genlock API',
    description:
      'One API for every kind of work: images, video, speech and text. Errors are problem details (RFC 9457) with a stable `code`; money is in US dollars, as decimal text. A key of any dialect works here and sees everything in its account.',
    operations: [...generations, ...files, ...money, ...webhooks],
    schemas,
    error: { 'application/problem+json': problemSchema },
    auth: { type: 'http', scheme: 'bearer' },
  };
}
