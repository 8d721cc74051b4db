import { named, nullable, record, type Schema } from '../../http/reference/api-description.ts';
import { WIRE_STATUSES } from './status.ts';

/* The objects that this API answers with. */

const text = { type: 'string' };
const number = { type: 'number' };
const whole = { type: 'integer' };
const flag = { type: 'boolean' };
const uri = { type: 'string', format: 'uri' };
const time = { type: 'string', format: 'date-time' };
const list = (items: Schema): Schema => ({ type: 'array', items });

export const schemas: Readonly<Record<string, Schema>> = {
  Prediction: {
    type: 'object',
    properties: {
      id: { ...text, format: 'uuid' },
      status: { ...text, enum: [...WIRE_STATUSES] },
      type: { const: 'inference' },
      stream: flag,
      input: { type: 'object', description: 'As it was sent; empty when the files are gone.' },
      output: { ...nullable(list(uri)), description: 'Links that need no key.' },
      response: nullable(text),
      error: { ...nullable(text), description: 'Why it failed.' },
      created_at: time,
      started_at: nullable(time),
      completed_at: nullable(time),
      updated_at: time,
      privacy: { const: 'private' },
      source: { const: 'api' },
      model: {
        description: 'Of a failed one, the slug alone.',
        anyOf: [record({ name: text, type: text }), text],
      },
      webhook: record({ url: nullable(uri), events: list(text) }),
      metrics: {
        type: 'object',
        properties: {
          image_count: whole,
          predict_time: { ...number, description: 'Seconds.' },
          total_time: { ...number, description: 'Seconds.' },
          asset_count: whole,
          progress: { ...whole, minimum: 0, maximum: 100 },
        },
      },
      metadata: record({
        billing: record({ credits_used: number }),
        storage: record({ files: list(record({ name: text, type: text, size: whole, url: uri })) }),
        data_available: flag,
      }),
      data_removed: { const: true, description: 'There once the files and the input are gone.' },
      urls: record({ get: uri, cancel: uri, stream: uri, delete: uri }),
      success: { const: true, description: 'There in answers of cancel and delete.' },
    },
    required: ['id', 'status', 'type', 'input', 'output', 'created_at', 'updated_at', 'model', 'urls'],
  },
  PredictionList: record({
    data: list(named('Prediction')),
    pagination: record({ current_page: whole, per_page: whole, total: whole, last_page: whole }),
  }),
  Model: {
    type: 'object',
    properties: {
      name: text,
      description: text,
      namespace: { ...text, description: 'The slug: what `model` takes.' },
      type: { ...text, enum: ['image', 'video', 'audio', 'music', 'text'] },
      privacy: { const: 'public' },
      img_url: nullable(uri),
      vendor: { type: 'object' },
      billable: flag,
      pricing: {
        type: 'object',
        properties: {
          amount: number,
          currency: { const: 'USD' },
          unit: text,
          criterias: list({ type: 'object' }),
        },
        required: ['amount', 'currency', 'unit'],
      },
      capabilities: list(text),
      metadata: record({ edge_compatible: flag, openai_compatible: flag, cold_boot: flag }),
      status: { ...text, enum: ['operational', 'offline'] },
      service: record({ type: { ...text, enum: ['inference', 'prediction'] }, inference_party: text }),
      input_schema: { type: ['object', 'null'], description: 'A JSON Schema, where `fields` asks for it.' },
      output_schema: { type: 'object', description: 'A JSON Schema, where `fields` asks for it.' },
    },
    required: ['name', 'namespace', 'type', 'billable', 'capabilities', 'status', 'service'],
  },
  Error: record({
    status: { const: false },
    response: text,
    error: record({ http_status: whole, message: text, details: {}, error_id: text }),
  }),
  InferenceError: record({
    error: record({
      message: text,
      type: text,
      code: text,
      error_id: text,
      status: whole,
      param: nullable(text),
      request_id: text,
      details: record({ category: { ...text, enum: ['request', 'service'] } }),
    }),
  }),
};
