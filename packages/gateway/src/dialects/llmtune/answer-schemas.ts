import { named, nullable, record, type Schema } from '../../http/reference/api-description.ts';

/* The objects that this API answers with. A test checks answers against them. */

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const number = { type: 'number' };
const yes = { const: true };
const time = { type: 'string', format: 'date-time' };
const listOf = (items: Schema): Schema => ({ type: 'array', items });

export const schemas = {
  ToolCall: record({
    id: text,
    type: { const: 'function' },
    function: record({ name: text, arguments: text }),
  }),
  Usage: record({ prompt_tokens: count, completion_tokens: count, total_tokens: count }),
  Completion: record({
    id: text,
    object: { const: 'chat.completion' },
    created: { type: 'integer', description: 'In seconds since 1970.' },
    model: text,
    choices: listOf(
      record({
        index: count,
        message: {
          type: 'object',
          properties: {
            role: { const: 'assistant' },
            content: nullable(text),
            tool_calls: listOf(named('ToolCall')),
          },
          required: ['role', 'content'],
        },
        finish_reason: { enum: ['stop', 'length', 'tool_calls'] },
      }),
    ),
    usage: named('Usage'),
  }),
  Inference: record({
    text,
    tokens: count,
    model: text,
    latency: { type: 'integer', description: 'In milliseconds.' },
    metadata: nullable({ type: 'object' }),
    usage: named('Usage'),
    finish_reason: { enum: ['stop', 'length', 'tool_calls'] },
  }),
  AcceptedBatch: record({
    batchId: text,
    status: { const: 'queued' },
    summary: record({ total: count, accepted: count }),
  }),
  Batch: record({
    batchId: text,
    status: { enum: ['queued', 'running', 'completed', 'failed'] },
    summary: record({ total: count, accepted: count, completed: count, failed: count }),
    results: listOf(record({ id: text, text: nullable(text), tokens: count, error: nullable(text) })),
    createdAt: time,
    completedAt: nullable(time),
  }),
  StartedTraining: record({
    success: yes,
    jobId: text,
    status: { const: 'pending' },
    baseModel: text,
    createdAt: time,
  }),
  Training: record({
    jobId: text,
    status: { enum: ['pending', 'training', 'completed', 'failed', 'cancelled'] },
    progress: { type: 'number', minimum: 0, maximum: 100 },
    baseModel: text,
    trainingMethod: nullable(text),
    modelId: { ...nullable(text), description: 'The trained model, once there is one.' },
    error: nullable(text),
    metrics: nullable({ type: 'object' }),
    createdAt: time,
    startedAt: nullable(time),
    completedAt: nullable(time),
  }),
  Model: record({
    id: text,
    object: { const: 'model' },
    name: text,
    owned_by: text,
    active: { type: 'boolean' },
    context_length: count,
    capabilities: listOf(text),
    pricing: nullable(
      record({ input_per_million: number, output_per_million: number, currency: { const: 'USD' } }),
    ),
  }),
  AgentModel: record({ id: text, name: text, owned_by: text }),
};

export const modelList = record({
  success: yes,
  object: { const: 'list' },
  data: listOf(named('Model')),
  count,
});

export const usageSummary = record({
  success: yes,
  data: record({
    period: record({ from: time, to: time }),
    balance: number,
    currency: { const: 'USD' },
    requests: count,
    inputTokens: count,
    outputTokens: count,
    totalTokens: count,
    spend: number,
    errors: count,
    successRate: { type: 'number', minimum: 0, maximum: 1 },
    latency: { description: 'In milliseconds.' },
    trainingJobs: count,
    byModel: listOf(record({ model: text, requests: count, tokens: count, spend: number })),
  }),
});
