import {
  type ApiDescription,
  json,
  named,
  type OperationDescription,
  record,
  type Schema,
} from '../../http/reference/api-description.ts';
import { checkImage, checkVideo } from './body.ts';

const text = { type: 'string' };
const number = { type: 'number' };
const time = { type: 'string', format: 'date-time' };
const file = { type: 'string', format: 'binary' };
const measured = (type: string): Schema => ({ type: [type, 'null'] });

const HEADERS = {
  'Idempotency-Key':
    '1 to 255 visible ASCII characters. For a day, repeating the call with this key returns the same generation.',
  'Genlock-Sandbox': 'On sandbox routes: what should go wrong, e.g. `error=upstream_failed`.',
};

const WINDOW = {
  'X-RateLimit-Limit': 'Submissions allowed per minute.',
  'X-RateLimit-Remaining': 'Submissions left in this window.',
  'X-RateLimit-Reset': 'When the window ends, in seconds since 1970.',
};

/** Errors of every route that needs a key. Even calls without a limit can get `rate_limit`, because wrong keys are counted. */
const KEYED = ['invalid_api_key', 'rate_limit', 'server_error'];
/** A submission cannot get a 404, which is for paths that contain a name. */
const SUBMISSION = [
  ...KEYED,
  'parameter_missing',
  'invalid_parameter',
  'quota_exceeded',
  'content_policy_violation',
];

const operations: readonly OperationDescription[] = [
  {
    method: 'post',
    path: '/v2/images/generations',
    tag: 'Images',
    summary: 'Make an image. The answer comes when it is ready.',
    headers: HEADERS,
    body: { required: true, content: json(checkImage.schema) },
    answers: { 200: { description: 'The image.', content: json(named('ImageResult')), headers: WINDOW } },
    errors: SUBMISSION,
  },
  {
    method: 'post',
    path: '/v2/videos/generations',
    tag: 'Videos',
    summary: 'Order a video.',
    headers: HEADERS,
    body: { required: true, content: json(checkVideo.schema) },
    answers: {
      202: {
        description: 'Accepted, now or by an earlier call with the same key.',
        content: json(named('PendingVideo')),
        headers: WINDOW,
      },
    },
    errors: SUBMISSION,
  },
  {
    method: 'get',
    path: '/v2/videos/generations/{id}',
    tag: 'Videos',
    summary: 'Read a video: pending, completed or failed.',
    answers: {
      200: {
        description: 'As it stands now.',
        content: json({ anyOf: [named('PendingVideo'), named('VideoResult'), named('FailedVideo')] }),
        headers: WINDOW,
      },
    },
    errors: [...KEYED, 'not_found'],
  },
  {
    method: 'get',
    path: '/v2/models',
    tag: 'Models',
    summary: 'List the models that can be used now.',
    query: { type: 'object', properties: { type: { type: 'string', enum: ['image', 'video'] } } },
    answers: {
      200: { description: 'All models.', content: json({ type: 'array', items: named('Model') }) },
    },
    errors: [...KEYED, 'invalid_parameter'],
  },
  {
    method: 'get',
    path: '/v2/downloads/{id}/{index}',
    tag: 'Files',
    summary: 'The bytes of a file, by the `url` of a result, until the link expires.',
    query: {
      type: 'object',
      properties: {
        exp: { type: 'integer', description: 'When the link expires, in seconds since 1970.' },
        sig: { type: 'string', description: 'The signature of the link.' },
      },
      required: ['exp', 'sig'],
    },
    headers: { Range: 'The part to send, e.g. `bytes=0-1023`.' },
    answers: {
      200: { description: 'All of it.', content: { '*/*': file } },
      206: { description: 'The range.', content: { '*/*': file } },
      304: { description: 'Had already.' },
    },
    errors: ['invalid_parameter', 'not_found', 'server_error'],
    open: true,
  },
];

const fileFacts = {
  url: { type: 'string', format: 'uri', description: 'Works without a key until `deletes_at`.' },
  width: measured('integer'),
  height: measured('integer'),
};
const fileEnd = { mime_type: text, deletes_at: time };

const completed = (item: Schema): Schema =>
  record({
    id: text,
    status: { const: 'completed' },
    model: text,
    data: { type: 'array', items: item },
    usage: named('Usage'),
  });

const schemas: Readonly<Record<string, Schema>> = {
  ImageResult: completed(record({ ...fileFacts, ...fileEnd })),
  PendingVideo: record({ id: text, status: { const: 'pending' } }),
  VideoResult: completed(
    record({
      ...fileFacts,
      duration: measured('number'),
      fps: measured('number'),
      // Section 5: the only one of these five that is never null.
      has_sound: { type: 'boolean' },
      ...fileEnd,
    }),
  ),
  FailedVideo: record({
    id: text,
    status: { const: 'failed' },
    error: record({
      code: { type: 'string', enum: ['content_policy_violation', 'invalid_parameter', 'server_error'] },
      message: text,
    }),
  }),
  Usage: record({
    total_cost: { ...number, description: 'Dollars deducted from the balance.' },
    billable_unit: { type: 'string', enum: ['image', 'video_second'] },
    unit_price: { ...number, description: 'Dollars.' },
    quantity: number,
  }),
  Model: record({
    id: text,
    name: text,
    type: { type: 'string', enum: ['image', 'video'] },
    created_at: time,
  }),
  Error: record({
    error: {
      type: 'object',
      properties: {
        message: text,
        type: { const: 'invalid_request_error' },
        param: { type: ['string', 'null'], description: 'The member at fault, e.g. `images[0].url`.' },
        code: text,
        doc_url: {
          type: 'string',
          format: 'uri',
          description: 'A page that explains the error, if there is one.',
        },
      },
      required: ['message', 'type', 'param', 'code'],
      additionalProperties: false,
    },
  }),
};

/** The contract as data. Bodies come from the schemas that check them. */
export function describe(): ApiDescription {
  return {
    title: 'getimg dialect',
    description:
      'The getimg API as this server speaks it. Which sizes, lengths and pictures a model takes depends on the model. `docs/getimg.md` has a tour and shows how to rehearse each error.',
    operations,
    schemas,
    error: json(named('Error')),
    auth: { type: 'http', scheme: 'bearer' },
  };
}
