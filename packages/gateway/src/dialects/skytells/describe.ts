import { type SkytellsRow, skytellsCatalogue } from '@genlock/contracts';
import {
  type ApiDescription,
  type Content,
  json,
  named,
  type OperationDescription,
  type Schema,
} from '../../http/reference/api-description.ts';
import { schemas } from './answer-schemas.ts';
import { inferenceOperations } from './inference/describe.ts';
import { MAX_URL } from './inputs.ts';
import { inputSchema } from './model-object.ts';
import { type ModelSpec, specs } from './models.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const flag = { type: 'boolean' };
const day = { type: 'string', format: 'date' };
const file = { type: 'string', format: 'binary' };
const list = (items: Schema): Schema => ({ type: 'array', items });

/** Errors of every route that needs a key. */
const GUARD = [
  'UNAUTHORIZED',
  'ACCOUNT_SUSPENDED',
  'FORBIDDEN',
  'SECURITY_VIOLATION',
  'RATE_LIMIT_EXCEEDED',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_ERROR',
];
/** If the provider behind the model failed, a read of the prediction is answered with that error. */
const SERVING = ['PREDICTION_FAILED', 'INFERENCE_TIMEOUT', 'INFERENCE_ERROR'];
const PREDICTION = [
  ...GUARD,
  'PREDICTION_ID_REQUIRED',
  'ACCESS_DENIED',
  'FAILED_TO_FETCH_PREDICTION',
  'UNKNOWN_ERROR',
];
const NOT_OF_CREATE = new Set(['ACCESS_DENIED', 'ENDPOINT_NOT_FOUND']);

const codesWhere = (told: (row: SkytellsRow) => boolean): readonly string[] => [
  ...new Set(skytellsCatalogue.rows.filter(told).map(({ code }) => code)),
];
const ofCreate = codesWhere(
  ({ code, canonical, placed }) =>
    !NOT_OF_CREATE.has(code) &&
    (canonical.length > 0 || placed?.create !== undefined || placed?.create_timed !== undefined),
);
const ofInference = codesWhere(({ code, inference }) => inference !== undefined && !NOT_OF_CREATE.has(code));

const webhook = {
  description: 'The URL for events, and which events to send.',
  anyOf: [
    {
      type: 'object',
      properties: {
        url: { type: 'string', maxLength: MAX_URL },
        events: list({ type: 'string', maxLength: 64 }),
      },
      required: ['url', 'events'],
    },
    { type: 'string', maxLength: MAX_URL },
  ],
};

/** The body of a create for one model; the input is the schema that validates it. */
function createBody(spec: ModelSpec): Schema {
  return {
    title: spec.name,
    type: 'object',
    properties: {
      model: { const: spec.id },
      input: inputSchema(spec),
      await: {
        ...flag,
        default: false,
        description: 'Images: answer when the prediction has ended, or after 55 seconds.',
      },
      wait: { ...flag, description: 'Alternative name of `await`.' },
      stream: { ...flag, default: false, description: 'Only shown again. Cannot be combined with `await`.' },
      safety_checker: flag,
      safety_check: flag,
      webhook,
      webhook_events_filter: {
        ...list(text),
        description: 'With a `webhook` that is a bare URL: `start`, `completed` or event names.',
      },
    },
    required: ['model', 'input'],
  };
}

const orderBody = { oneOf: specs.filter(({ type }) => type !== 'text').map(createBody) };

const it = (
  schema: Schema,
): { readonly 200: { readonly description: string; readonly content: Content } } => ({
  200: { description: 'It.', content: json(schema) },
});

const create = (path: string, summary: string): OperationDescription => ({
  method: 'post',
  path,
  tag: 'Predictions',
  summary,
  headers: { 'Genlock-Sandbox': 'On sandbox routes: what should go wrong, e.g. `error=upstream_failed`.' },
  body: { required: true, content: json(orderBody) },
  answers: {
    200: {
      description: 'The prediction; with `await` it has usually ended.',
      content: json(named('Prediction')),
    },
  },
  errors: ofCreate,
});

const read = (path: string, summary: string): OperationDescription => ({
  method: 'get',
  path,
  tag: 'Predictions',
  summary,
  answers: it(named('Prediction')),
  errors: [...PREDICTION, ...SERVING],
});

const remove = (path: string, summary: string): OperationDescription => ({
  method: 'delete',
  path,
  tag: 'Predictions',
  summary,
  answers: {
    200: { description: 'The prediction before it was deleted.', content: json(named('Prediction')) },
  },
  errors: PREDICTION,
});

const fields = {
  type: 'object',
  properties: {
    fields: {
      type: 'string',
      description: 'Further members to include: `input_schema`, `output_schema`, or both with a comma.',
    },
  },
};

const readModel = (path: string, summary: string): OperationDescription => ({
  method: 'get',
  path,
  tag: 'Models',
  summary,
  query: fields,
  answers: it(named('Model')),
  errors: [...GUARD, 'MODEL_NOT_FOUND'],
});

const operations: readonly OperationDescription[] = [
  create('/v1/predictions', 'Order work.'),
  create('/v1/predict', 'Order work (path of the SDKs).'),
  {
    method: 'get',
    path: '/v1/predictions',
    tag: 'Predictions',
    summary: 'List predictions, newest first.',
    query: {
      type: 'object',
      properties: {
        page: { ...whole, minimum: 1, default: 1 },
        per_page: { ...whole, minimum: 1, maximum: 50, default: 20 },
        from: { ...day, description: 'The first day, in UTC.' },
        since: { ...day, description: 'Alternative name of `from`.' },
        to: { ...day, description: 'The last day in UTC, included.' },
        until: { ...day, description: 'Alternative name of `to`.' },
        model: text,
        status: {
          ...text,
          enum: [
            'pending',
            'queued',
            'starting',
            'started',
            'processing',
            'succeeded',
            'failed',
            'cancelled',
            'canceled',
          ],
        },
      },
    },
    answers: it(named('PredictionList')),
    errors: [
      ...GUARD,
      'INVALID_PARAMETER',
      'INVALID_DATE_FORMAT',
      'INVALID_DATE_RANGE',
      'INVALID_PARAMETER_COMBINATION',
      'MODEL_NOT_FOUND',
    ],
  },
  read('/v1/predictions/{id}', 'Read a prediction.'),
  read('/v1/predictions/{id}/stream', 'Read a prediction. Plain JSON in spite of its path.'),
  {
    method: 'post',
    path: '/v1/predictions/{id}/cancel',
    tag: 'Predictions',
    summary: 'Cancel a prediction that has not ended.',
    answers: { 200: { description: 'Cancelled.', content: json(named('Prediction')) } },
    errors: [...PREDICTION, 'INVALID_PARAMETER'],
  },
  remove('/v1/predictions/{id}', 'Delete a prediction and its files.'),
  remove('/v1/predictions/{id}/delete', 'Delete a prediction and its files (path of the SDKs).'),
  {
    method: 'get',
    path: '/v1/models',
    tag: 'Models',
    summary: 'List the models.',
    query: fields,
    answers: it(list(named('Model'))),
    errors: GUARD,
  },
  readModel('/v1/models/{slug}', 'Read one model.'),
  readModel('/v1/model/{slug}', 'Read a model (path of the SDKs).'),
  ...inferenceOperations(ofInference),
  {
    method: 'get',
    path: '/delivery/{id}',
    tag: 'Files',
    summary:
      'Read the bytes of a result by a link in `output`, until the link expires. Here `id` is the whole rest of the link: a day and a name, with slashes.',
    headers: { Range: 'The part to send, e.g. `bytes=0-1023`.' },
    answers: {
      200: { description: 'All of it.', content: { '*/*': file } },
      206: { description: 'The range.', content: { '*/*': file } },
      304: { description: 'Had already.' },
      416: { description: 'The range lies outside the file.' },
    },
    errors: ['ENDPOINT_NOT_FOUND', 'INTERNAL_ERROR'],
    open: true,
  },
];

/** The contract as data. Inputs come from the schemas that check them. */
export function describe(): ApiDescription {
  return {
    title: 'Skytells dialect',
    description:
      'The Skytells API as this server speaks it. A key is sent in `x-api-key` or as a bearer token. Errors of chat, responses and embeddings have another form. `docs/skytells.md` has a tour and shows how to rehearse each error.',
    operations,
    schemas,
    error: json({ anyOf: [named('Error'), named('InferenceError')] }),
    auth: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  };
}
