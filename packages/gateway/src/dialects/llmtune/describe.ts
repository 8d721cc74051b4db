import { INSUFFICIENT_BALANCE, type LlmtuneErrorCode } from '@genlock/contracts';
import {
  type ApiDescription,
  json,
  named,
  type OperationDescription,
  record,
  type Schema,
} from '../../http/reference/api-description.ts';
import { modelList, schemas, usageSummary } from './answer-schemas.ts';
import { checkBatch, checkItem, MAX_ITEMS } from './batch/batch-body.ts';
import { checkChat } from './text/chat-body.ts';
import { checkInference, checkPlayground } from './text/inference-body.ts';
import { checkTraining } from './training/training-body.ts';

type Codes = readonly LlmtuneErrorCode[];

/** Errors of every route: those of its guard, and those that can occur anywhere. */
const GUARD: Codes = [
  'invalid_api_key',
  'forbidden',
  'account_disabled',
  'rate_limit_exceeded',
  'internal_error',
  'service_unavailable',
];
const PAID: Codes = [...GUARD, 'invalid_request', INSUFFICIENT_BALANCE, 'model_not_found', 'upstream_error'];

const SANDBOX = {
  'Genlock-Sandbox': 'On sandbox routes: what should go wrong, e.g. `error=upstream_failed`.',
};
const IDEMPOTENCY = {
  'Idempotency-Key':
    '1 to 255 visible characters. For a day, repeating the call with this key returns the same job.',
};

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const yes = { const: true };
const listOf = (items: Schema): Schema => ({ type: 'array', items });

/** Members of a message, which are checked one by one after the schema. */
const message = {
  type: 'object',
  properties: {
    role: { enum: ['system', 'user', 'assistant', 'tool'] },
    content: {
      description: 'A text, or text parts. Optional in an assistant message with tool calls.',
      anyOf: [text, listOf(record({ type: { const: 'text' }, text })), { type: 'null' }],
    },
    tool_calls: listOf(named('ToolCall')),
    tool_call_id: { ...text, description: 'In a tool message: the id of the call that it answers.' },
  },
  required: ['role'],
};

const tool = record({
  type: { const: 'function' },
  function: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 128 },
      description: text,
      parameters: { type: 'object' },
    },
    required: ['name'],
  },
});

const chatBody = {
  ...checkChat.schema,
  properties: {
    ...checkChat.schema.properties,
    messages: { type: 'array', minItems: 1, items: message },
    stop: { anyOf: [text, { type: 'array', items: text, maxItems: 4 }] },
    stream_options: { type: 'object', properties: { include_usage: { type: 'boolean' } } },
    response_format: { ...record({ type: { const: 'text' } }), additionalProperties: true },
    tools: { type: 'array', items: tool, maxItems: 128 },
    tool_choice: {
      description: '`required` or a function can only be used with `tools`.',
      anyOf: [
        { enum: ['none', 'auto', 'required'] },
        record({ type: { const: 'function' }, function: record({ name: text }) }),
      ],
    },
  },
};

const batchBody = {
  ...checkBatch.schema,
  properties: {
    ...checkBatch.schema.properties,
    requests: { type: 'array', minItems: 1, maxItems: MAX_ITEMS, items: checkItem.schema },
  },
};

const usageQuery = {
  type: 'object',
  properties: {
    from: { ...text, description: 'An ISO date or time. Default: the start of this month in UTC.' },
    to: { ...text, description: 'An ISO date or time; a date includes that day. Default: now.' },
  },
};

const modelsQuery = {
  type: 'object',
  properties: { active: { ...text, description: '`false`: also list models that are switched off.' } },
};

const answered = (description: string, schema: Schema) => ({ 200: { description, content: json(schema) } });

const get = (
  path: string,
  tag: string,
  summary: string,
  schema: Schema,
  more: Partial<OperationDescription> & { readonly errors?: Codes } = {},
): OperationDescription => ({
  method: 'get',
  path,
  tag,
  summary,
  answers: answered('It.', schema),
  errors: GUARD,
  ...more,
});

/** An endpoint that answers as a whole or, with `stream`, with server-sent events. */
const talk = (
  path: string,
  tag: string,
  summary: string,
  body: Schema,
  answer: Schema,
): OperationDescription => ({
  method: 'post',
  path,
  tag,
  summary,
  headers: SANDBOX,
  body: { required: true, content: json(body) },
  answers: {
    200: {
      description: 'The answer; with `stream`, as events, the last of which is `[DONE]`.',
      content: { ...json(answer), 'text/event-stream': text },
    },
  },
  errors: PAID,
});

const startTraining = (path: string, summary: string): OperationDescription => ({
  method: 'post',
  path,
  tag: 'Fine-tuning',
  summary,
  headers: { ...IDEMPOTENCY, ...SANDBOX },
  body: { required: true, content: json(checkTraining.schema) },
  answers: answered('Started, now or by an earlier call with the same key.', named('StartedTraining')),
  errors: [...PAID, 'idempotency_conflict', 'not_found'] satisfies Codes,
});

const JOB = { errors: [...GUARD, 'job_not_found'] satisfies Codes };
const LIST = { query: modelsQuery };

const operations: readonly OperationDescription[] = [
  talk('/v1/chat/completions', 'Chat', 'Chat with a model.', chatBody, named('Completion')),
  talk(
    '/api/agent/v1/chat/completions',
    'Chat',
    'Chat for coding clients, with the models for agents.',
    chatBody,
    named('Completion'),
  ),
  talk(
    '/v1/models/{id}/inference',
    'Inference',
    'Generate a text from a prompt. Slashes in the model id need no encoding.',
    checkInference.schema,
    named('Inference'),
  ),
  talk(
    '/v1/playground/inference',
    'Inference',
    'Generate a text from a prompt, with the model in the body.',
    checkPlayground.schema,
    named('Inference'),
  ),
  {
    method: 'post',
    path: '/v1/batch/inference',
    tag: 'Batches',
    summary: `Submit up to ${MAX_ITEMS} prompts as one job.`,
    headers: { ...IDEMPOTENCY, ...SANDBOX },
    body: { required: true, content: json(batchBody) },
    answers: answered('Accepted, now or by an earlier call with the same key.', named('AcceptedBatch')),
    errors: [...PAID, 'idempotency_conflict'] satisfies Codes,
  },
  get('/v1/batch/{batchId}', 'Batches', 'Read a batch, with its results once it has ended.', named('Batch'), {
    errors: [...GUARD, 'batch_not_found'],
  }),
  startTraining('/api/fine-tune/training/start', 'Train a model on a dataset.'),
  startTraining('/v1/fine-tune', 'Train a model on a dataset (older path).'),
  get('/api/training/{jobId}', 'Fine-tuning', 'Read a training job.', named('Training'), JOB),
  get('/v1/fine-tune/{jobId}', 'Fine-tuning', 'Read a training job (older path).', named('Training'), JOB),
  {
    method: 'post',
    path: '/api/training/{jobId}/cancel',
    tag: 'Fine-tuning',
    summary: 'Cancel a job that has not ended. What was trained until now is charged.',
    answers: answered('Cancelled.', record({ success: yes, jobId: text, status: text })),
    errors: [...GUARD, 'job_not_found', 'invalid_state'] satisfies Codes,
  },
  get('/v1/models', 'Models', 'List the models that can be used, including trained ones.', modelList, LIST),
  get('/api/models/list', 'Models', 'List the models that can be used (other path).', modelList, LIST),
  get(
    '/api/agent/v1/models',
    'Models',
    'List the models for agents, in the form of OpenAI.',
    record({ object: { const: 'list' }, data: listOf(named('AgentModel')) }),
    LIST,
  ),
  get(
    '/api/agent/models',
    'Models',
    'List the models for agents, with their number.',
    record({ success: yes, data: listOf(named('AgentModel')), count }),
    LIST,
  ),
  get('/api/usage/summary', 'Account', 'Read the balance, and the usage in a period.', usageSummary, {
    query: usageQuery,
    errors: [...GUARD, 'invalid_request'],
  }),
  get('/api/health', 'Service', 'Check whether the service is up.', record({ status: { const: 'ok' } }), {
    open: true,
    errors: ['service_unavailable'],
  }),
];

/** The contract as data. */
export function describe(): ApiDescription {
  return {
    title: 'LLMTune dialect',
    description:
      'The LLMTune API as this server speaks it. `docs/llmtune.md` has a tour and shows how to rehearse each error.',
    operations,
    schemas,
    error: json({
      type: 'object',
      properties: {
        error: { type: 'string', description: 'A code. With 402, a description and no other member.' },
        message: text,
        retryAfter: { type: 'integer', minimum: 1, description: 'With 429: seconds, as in `Retry-After`.' },
      },
      required: ['error'],
    }),
    auth: { type: 'http', scheme: 'bearer' },
  };
}
