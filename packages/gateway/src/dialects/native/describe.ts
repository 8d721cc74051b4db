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
    'A string of yours, such as `"order-17"`: the same call again gives the same generation.',
};
const PREFER = { Prefer: '`wait=10`: answer when it has ended, at the latest after so many seconds (60).' };
const SANDBOX = {
  'Genlock-Sandbox': 'On sandbox routes: what is to go wrong, such as `error=upstream_failed`.',
};
const PREFERENCE_APPLIED = { 'Preference-Applied': 'The time that was granted, such as `wait=10`.' };
const LOCATION = { Location: 'Where it is read.' };

const created = (what: string, ended: string) => ({
  201: {
    description: `${what} and ended already (with \`Prefer: wait\`).`,
    content: json(named('Generation')),
    headers: { ...LOCATION, ...PREFERENCE_APPLIED },
  },
  200: {
    description: ended,
    content: json(named('Generation')),
    headers: { ...LOCATION, 'Idempotent-Replayed': '`true`' },
  },
  202: {
    description: `${what}, and not ended yet.`,
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
      ...created('Ordered', 'An earlier call under the same key made it; or text, as a stream.'),
      200: {
        description: 'An earlier call under the same key made it, and it has ended; or text, as a stream.',
        content: { ...json(named('Generation')), 'text/event-stream': { type: 'string' } },
        headers: { ...LOCATION, 'Idempotent-Replayed': '`true` where an earlier call made it' },
      },
    },
  },
  read('/generations', 'Generations', 'List them, newest first.', named('GenerationList'), {
    query: listQuery,
  }),
  read('/generations/{id}', 'Generations', 'Read one, now or when it has ended.', named('Generation'), {
    headers: PREFER,
  }),
  {
    method: 'post',
    path: '/generations/{id}/cancel',
    tag: 'Generations',
    summary: 'Cancel one that has not ended; its whole hold is released.',
    answers: { 200: { description: 'Canceled.', content: json(named('Generation')) } },
    errors: [...GUARD, 'not_found', 'invalid_state'],
  },
  {
    method: 'post',
    path: '/generations/{id}/retry',
    tag: 'Generations',
    summary: 'Order a failed one again, as a new one with the same input at the price of today.',
    headers: { ...IDEMPOTENCY, ...PREFER, ...SANDBOX },
    answers: created('Ordered', 'An earlier call under the same key made it, and it has ended.'),
  },
  {
    method: 'get',
    path: '/generations/{id}/events',
    tag: 'Generations',
    summary: 'Its life as server-sent events: `created`, `started`, `progress`, `ended`.',
    headers: { 'Last-Event-ID': 'The last one that was seen: only later ones are sent.' },
    answers: {
      200: { description: 'The stream, to the end.', content: { 'text/event-stream': { type: 'string' } } },
      204: { description: 'Everything was seen.' },
    },
    errors: [...GUARD, 'not_found'],
  },
  read(
    '/generations/{id}/deliveries',
    'Webhooks',
    'Webhooks that told of one.',
    named('WebhookDeliveryList'),
  ),
];

const files: readonly OperationDescription[] = [
  {
    method: 'post',
    path: '/uploads',
    tag: 'Files',
    summary: 'Upload a picture, clip or sound to work on.',
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
    answers: { 201: { description: 'Kept.', content: json(named('Asset')), headers: LOCATION } },
    errors: [...GUARD, 'malformed_request', 'parameter_missing', 'invalid_media', 'media_too_large'],
  },
  read('/assets/{id}', 'Files', 'Facts about a file, produced or uploaded.', named('Asset')),
  {
    method: 'get',
    path: '/assets/{id}/content',
    tag: 'Files',
    summary: 'The bytes of a file.',
    headers: {
      Range: 'One range of bytes.',
      'If-Range': 'The ETag that the range belongs to.',
      'If-None-Match': 'An ETag that is had already.',
    },
    answers: {
      200: {
        description: 'All of it.',
        content: { '*/*': { type: 'string', format: 'binary' } },
        headers: { ETag: 'Strong.' },
      },
      206: { description: 'The range.', content: { '*/*': { type: 'string', format: 'binary' } } },
      304: { description: 'Had already.' },
      416: { description: 'The range lies outside.' },
    },
    errors: [...GUARD, 'not_found'],
  },
];

const money: readonly OperationDescription[] = [
  read('/models', 'Models and money', 'List the models.', named('ModelList')),
  read('/models/{id}', 'Models and money', 'Read one model; its id may hold a slash.', named('Model')),
  {
    method: 'post',
    path: '/quotes',
    tag: 'Models and money',
    summary: 'What an order would cost; the same body, nothing is kept.',
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
  read('/balance', 'Models and money', 'What there is to spend.', named('Balance')),
  read('/usage', 'Models and money', 'What was used in a period, by model.', named('Usage'), {
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
  read('/webhook-endpoints/{id}', 'Webhooks', 'Read one receiver.', named('WebhookEndpoint')),
  {
    method: 'patch',
    path: '/webhook-endpoints/{id}',
    tag: 'Webhooks',
    summary: 'Change a receiver.',
    body: { required: true, content: json(checkEndpointPatch.schema) },
    answers: { 200: { description: 'As it now is.', content: json(named('WebhookEndpoint')) } },
    errors: [...GUARD, ...BODY, 'not_found'],
  },
  {
    method: 'delete',
    path: '/webhook-endpoints/{id}',
    tag: 'Webhooks',
    summary: 'Remove a receiver; what is pending for it fails.',
    answers: { 204: { description: 'Gone.' } },
    errors: [...GUARD, 'not_found'],
  },
  {
    method: 'post',
    path: '/webhook-endpoints/{id}/rotate-secret',
    tag: 'Webhooks',
    summary: 'Give a receiver a new secret; for a while the old one signs too.',
    body: { required: false, content: json(checkRotation.schema) },
    answers: { 200: { description: 'The new secret.', content: json(endpointWithSecret) } },
    errors: [...GUARD, ...BODY, 'not_found'],
  },
  read(
    '/webhook-endpoints/{id}/deliveries',
    'Webhooks',
    'What was sent to a receiver, newest first.',
    named('WebhookDeliveryList'),
    { query: pageQuery },
  ),
  read('/webhook-deliveries/{id}', 'Webhooks', 'Read one delivery.', named('WebhookDelivery')),
  {
    method: 'post',
    path: '/webhook-deliveries/{id}/redeliver',
    tag: 'Webhooks',
    summary: 'Send one again, now.',
    answers: { 202: { description: 'Due now.', content: json(named('WebhookDelivery')) } },
    errors: [...GUARD, 'not_found'],
  },
  read(
    '/webhook-secret',
    'Webhooks',
    'What webhooks are signed with that were asked for with a generation.',
    named('WebhookSecret'),
  ),
  {
    method: 'post',
    path: '/webhook-secret/rotate',
    tag: 'Webhooks',
    summary: 'Replace that secret; it holds from the next attempt on.',
    answers: { 200: { description: 'The new one.', content: json(named('WebhookSecret')) } },
    errors: GUARD,
  },
];

/** Our own API as data. */
export function describe(): ApiDescription {
  return {
    title: 'Genlock API',
    description:
      'One API over every kind of work: images, video, speech and text. Errors are problem details (RFC 9457) with a stable `code`; money is in US dollars, as decimal text. A key of any dialect works here, and sees everything of its account.',
    operations: [...generations, ...files, ...money, ...webhooks],
    schemas,
    error: { 'application/problem+json': problemSchema },
    auth: { type: 'http', scheme: 'bearer' },
  };
}
