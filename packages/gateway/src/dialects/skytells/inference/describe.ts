import {
  json,
  type OperationDescription,
  record,
  type Schema,
} from '../../../http/reference/api-description.ts';
import { MAX_SEED } from '../inputs.ts';

const text = { type: 'string' };
const object = { type: 'object' };
const whole = { type: 'integer' };
const list = (items: Schema): Schema => ({ type: 'array', items });

const SANDBOX = {
  'Genlock-Sandbox': 'On sandbox routes: what should go wrong, e.g. `error=upstream_failed`.',
};

const seed = { ...whole, minimum: 0, maximum: MAX_SEED };
const length = (description: string): Schema => ({ ...whole, minimum: 1, description });

/** Parameters of both chat and responses. */
const shared = {
  temperature: { type: 'number', minimum: 0, maximum: 2, default: 0.7 },
  top_p: { type: 'number', minimum: 0, maximum: 1, default: 0.95 },
  stop: { anyOf: [text, { ...list(text), maxItems: 4 }] },
  tools: { ...list(object), maxItems: 128 },
  tool_choice: { anyOf: [{ ...text, enum: ['auto', 'none', 'required'] }, object] },
  stream: { type: 'boolean', default: false },
  seed,
};

const chat = {
  type: 'object',
  properties: {
    model: text,
    messages: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: {
        type: 'object',
        properties: {
          role: { ...text, enum: ['system', 'developer', 'user', 'assistant', 'tool'] },
          content: { anyOf: [text, list(object), { type: 'null' }] },
          tool_calls: list(object),
          tool_call_id: text,
        },
        required: ['role'],
      },
    },
    max_completion_tokens: length('The maximum length of the answer, in tokens.'),
    max_tokens: length('Alternative name of `max_completion_tokens`, which is used if both are given.'),
    n: { ...whole, minimum: 1, maximum: 1 },
    stream_options: { type: 'object', properties: { include_usage: { type: 'boolean' } } },
    ...shared,
  },
  required: ['model', 'messages'],
};

const responses = {
  type: 'object',
  properties: {
    model: text,
    input: { anyOf: [text, { ...list(object), minItems: 1, maxItems: 1000 }] },
    instructions: text,
    max_output_tokens: length('The maximum length of the answer, in tokens.'),
    metadata: object,
    user: text,
    ...shared,
  },
  required: ['model', 'input'],
};

const embeddings = {
  type: 'object',
  properties: {
    model: text,
    input: {
      description: 'A text, or up to 2048 texts, as text or as lists of token ids.',
      anyOf: [text, { type: 'array', minItems: 1 }],
    },
    encoding_format: { ...text, enum: ['float', 'base64'], default: 'float' },
    dimensions: length('Length of a vector. Default and maximum: that of the model.'),
    seed,
  },
  required: ['model', 'input'],
};

const completion = {
  type: 'object',
  properties: {
    id: text,
    object: { const: 'chat.completion' },
    created: whole,
    model: text,
    choices: list(object),
    usage: record({ prompt_tokens: whole, completion_tokens: whole, total_tokens: whole }),
    prompt_filter_results: list(object),
  },
  required: ['id', 'object', 'created', 'model', 'choices', 'usage'],
};

const response = {
  type: 'object',
  properties: {
    id: text,
    object: { const: 'response' },
    created_at: whole,
    status: { ...text, enum: ['in_progress', 'completed', 'incomplete'] },
    model: text,
    output: list(object),
    usage: { type: ['object', 'null'] },
    content_filters: list(object),
  },
  required: ['id', 'object', 'created_at', 'status', 'model', 'output'],
};

const vectors = record({
  object: { const: 'list' },
  data: list(
    record({
      object: { const: 'embedding' },
      index: whole,
      embedding: { anyOf: [list({ type: 'number' }), text] },
    }),
  ),
  model: text,
  usage: record({ prompt_tokens: whole, total_tokens: whole }),
});

const call = (path: string, summary: string, body: Schema, answer: Schema): OperationDescription => ({
  method: 'post',
  path,
  tag: 'Inference',
  summary,
  headers: SANDBOX,
  body: { required: true, content: json(body) },
  answers: {
    200: {
      description: 'The whole answer; with `stream`, events that end with `[DONE]`.',
      content: { ...json(answer), 'text/event-stream': text },
    },
  },
});

/** Chat, responses and embeddings in OpenAI's form (contract section 12). `errors`: the errors that they may answer with. */
export function inferenceOperations(errors: readonly string[]): readonly OperationDescription[] {
  const embed = call('/v1/embeddings', 'Compute vectors for texts.', embeddings, vectors);
  return [
    { ...call('/v1/chat/completions', 'Chat with a model.', chat, completion), errors },
    { ...call('/v1/responses', 'Make a response.', responses, response), errors },
    {
      ...embed,
      answers: { 200: { description: 'A vector for each text.', content: json(vectors) } },
      errors,
    },
  ];
}
