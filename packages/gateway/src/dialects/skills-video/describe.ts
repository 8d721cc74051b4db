import { type SkillsVideoErrorCode, type SkillsVideoPlace, skillsVideoRowsAt } from '@genlock/contracts';
import {
  type ApiDescription,
  json,
  named,
  nullable,
  type OperationDescription,
  record,
  type Schema,
} from '../../http/reference/api-description.ts';
import type { Field, Fields } from './fields.ts';
import { specs } from './models.ts';

/** The codes that are reported in these places, including those of failed tasks. */
const codesAt = (...places: readonly SkillsVideoPlace[]): readonly SkillsVideoErrorCode[] =>
  places.flatMap((place) => skillsVideoRowsAt(place).rows.map(({ code }) => code));

const GUARD: readonly SkillsVideoErrorCode[] = [
  'UNAUTHORIZED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'INTERNAL_SERVER_ERROR',
];

const SANDBOX = {
  'Genlock-Sandbox': 'On sandbox routes: what should go wrong, e.g. `error=upstream_failed`.',
};

const text = { type: 'string' };
const number = { type: 'number' };
const count = { type: 'integer', minimum: 0 };
const binary = { type: 'string', format: 'binary' };
const listOf = (items: Schema): Schema => ({ type: 'array', items });

/** The schema of a field: in JSON a URL for each file, in multipart also the file itself. */
function fieldSchema(field: Field, fileSchema: Schema): Schema {
  switch (field.type) {
    case 'text':
      return { type: 'string', maxLength: field.max };
    case 'choice':
      return { type: 'string', enum: field.values, default: field.default };
    case 'integer':
      return { type: 'integer', minimum: field.min, maximum: field.max, default: field.default };
    case 'flag':
      return { type: 'boolean', default: field.default };
    case 'file':
      return fileSchema;
    case 'files':
      return { type: 'array', items: fileSchema, maxItems: field.max };
  }
}

const URL_OF_FILE = { type: 'string', maxLength: 4096, description: 'A public URL.' };
const URL_OR_FILE = { type: 'string', description: 'A public URL, or a file.' };

function formSchema(fields: Fields, needs: readonly string[], fileSchema: Schema): Schema {
  const [only, ...others] = needs;
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, fieldSchema(field, fileSchema)]),
    ),
    ...(others.length > 0
      ? { anyOf: needs.map((name) => ({ required: [name] })) }
      : only !== undefined && { required: [only] }),
  };
}

/** The bodies of all models; models with the same fields share one schema. */
function bodySchema(fileSchema: Schema): Schema {
  const models = new Map<string, { form: Schema; ids: string[] }>();
  for (const { id, fields, needs, variant } of specs) {
    for (const form of variant === undefined ? [{ fields, needs }] : [{ fields, needs }, variant]) {
      const schema = formSchema(form.fields, form.needs, fileSchema);
      const key = JSON.stringify(schema);
      const known = models.get(key);
      if (known === undefined) models.set(key, { form: schema, ids: [id] });
      else known.ids.push(id);
    }
  }
  return { anyOf: [...models.values()].map(({ form, ids }) => ({ description: ids.join(', '), ...form })) };
}

const speech = specs.filter(({ family }) => family === 'TTS');

const speechBody = {
  type: 'object',
  description: 'The model by `modelId`, else by `provider` and `model`, else by `endpoint`.',
  properties: {
    modelId: { type: 'string', enum: speech.map(({ id }) => id) },
    provider: text,
    model: text,
    endpoint: text,
    input: { anyOf: speech.map(({ fields, needs }) => formSchema(fields, needs, URL_OF_FILE)) },
  },
  required: ['input'],
};

const audio = record({ url: text, content_type: text, duration: nullable(number) });

const fileFacts = {
  url: text,
  file_name: text,
  content_type: text,
  width: nullable(number),
  height: nullable(number),
};

const schemas = {
  Credits: record({ total: number, subscription: number, permanent: number }),
  CreatedTask: record({
    id: text,
    status: { enum: ['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELED'] },
    input: { type: 'object', description: 'The body with defaults filled in, and with files as URLs.' },
    usage: named('Credits'),
  }),
  Task: {
    type: 'object',
    properties: {
      id: text,
      status: { enum: ['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELED'] },
      input: { type: 'object' },
      data: nullable({ anyOf: [named('Images'), named('Videos'), named('Speech')] }),
      usage: named('Credits'),
      code: { ...text, description: 'Of a failed task: the error code.' },
      message: { ...text, description: 'Of a failed task: the reason in words.' },
    },
    required: ['id', 'status', 'input', 'data', 'usage'],
  },
  Image: record(fileFacts),
  Video: record({ ...fileFacts, duration: nullable(number) }),
  Images: record({
    type: { const: 'image' },
    n: count,
    actual_prompt: text,
    images: listOf(named('Image')),
    image: nullable(named('Image')),
  }),
  Videos: record({
    type: { const: 'video' },
    n: count,
    actual_prompt: text,
    videos: listOf(named('Video')),
    video: nullable(named('Video')),
  }),
  Speech: record({ type: { const: 'audio' }, n: count, audio_url: nullable(text), audio: nullable(audio) }),
  Spoken: record({
    success: { const: true },
    data: record({
      provider: text,
      model: text,
      modelId: text,
      endpoint: text,
      audio_url: nullable(text),
      audio: nullable(audio),
      output: record({ audio_url: nullable(text) }),
      logs: { type: 'null' },
      metrics: { type: 'null' },
    }),
  }),
};

const get = (
  path: string,
  tag: string,
  summary: string,
  schema: Schema,
  errors: readonly SkillsVideoErrorCode[] = GUARD,
): OperationDescription => ({
  method: 'get',
  path,
  tag,
  summary,
  answers: { 200: { description: 'It.', content: json(schema) } },
  errors,
});

const create = (
  path: string,
  summary: string,
  answers: OperationDescription['answers'],
): OperationDescription => ({
  method: 'post',
  path,
  tag: 'Generations',
  summary,
  headers: SANDBOX,
  body: {
    required: true,
    content: { ...json(bodySchema(URL_OF_FILE)), 'multipart/form-data': bodySchema(URL_OR_FILE) },
  },
  answers,
  errors: codesAt('IMAGE', 'VIDEO', 'TTS'),
});

const speak = (path: string, summary: string): OperationDescription => ({
  method: 'post',
  path,
  tag: 'Speech',
  summary,
  headers: SANDBOX,
  body: { required: true, content: json(speechBody) },
  answers: { 200: { description: 'The speech.', content: json(named('Spoken')) } },
  errors: codesAt('TTS'),
  open: true,
});

const operations: readonly OperationDescription[] = [
  create(
    '/api/v1/generation/{id}',
    'Order work. The id is provider and model; its slashes need no encoding.',
    {
      202: { description: 'Accepted.', content: json(named('CreatedTask')) },
    },
  ),
  create('/api/v1/generation/sse/{id}', 'Order work and follow it as server-sent events.', {
    200: { description: 'One event for each state.', content: { 'text/event-stream': text } },
  }),
  get('/api/v1/generation/{id}', 'Generations', 'Read a task by its id.', named('Task'), [
    ...GUARD,
    'NOT_FOUND',
  ]),
  speak('/api/v1/ai/tts/generate', 'Generate speech while the caller waits. Needs no key and costs nothing.'),
  speak('/api/ai/tts/generate', 'Generate speech while the caller waits (other path).'),
  get(
    '/api/v1/models',
    'Models',
    'List the models that can be used now.',
    record({
      data: listOf(
        record({ id: text, provider: text, model: text, type: { enum: ['image', 'video', 'tts'] } }),
      ),
    }),
  ),
  get('/api/v1/credits', 'Account', 'Read the remaining credits.', named('Credits')),
  {
    method: 'get',
    path: '/files/{id}/{seal}/{name}',
    tag: 'Files',
    summary: 'Read the bytes of a result or an input. The link is enough.',
    headers: { Range: 'The part to send, e.g. `bytes=0-1023`.' },
    answers: {
      200: { description: 'All of it.', content: { '*/*': binary } },
      206: { description: 'The range.', content: { '*/*': binary } },
      304: { description: 'Had already.' },
    },
    // A range outside the file is reported as the invalid input of routes that generate nothing.
    errors: ['VIDEO_GENERATION_INVALID_INPUT', 'NOT_FOUND', 'INTERNAL_SERVER_ERROR'],
    open: true,
  },
];

/** The contract as data. Bodies come from the same fields that check them. */
export function describe(): ApiDescription {
  return {
    title: 'skills.video dialect',
    description:
      'The skills.video API as this server speaks it. `docs/skills-video.md` has a tour and shows how to rehearse each error.',
    operations,
    schemas,
    error: json(
      record({
        error: { type: 'string', description: 'The code once more, for older clients.' },
        code: text,
        message: text,
      }),
    ),
    auth: { type: 'http', scheme: 'bearer' },
  };
}
