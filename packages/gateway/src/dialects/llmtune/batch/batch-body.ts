import { Type } from 'typebox';
import { GenlockError } from '../../../domain/error.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { BatchRequest } from '../../../domain/request.ts';
import { compileCheck } from '../../../http/check-body.ts';
import type { JsonBody } from '../../../http/json-body.ts';
import { PROMPT_DEFAULTS } from '../text/inference-body.ts';
import { readSampling, samplingFields } from '../text/sampling.ts';

/** Contract section 7. */
export const MAX_ITEMS = 100;
const MAX_ID = 256;
const MAX_URL = 2048;

export const checkBatch = compileCheck(
  Type.Object({
    modelId: Type.String({ minLength: 1 }),
    requests: Type.Array(Type.Unsafe<Json>({})),
    webhookUrl: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_URL })),
  }),
);
export const checkItem = compileCheck(
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: MAX_ID }),
    prompt: Type.String({ minLength: 1 }),
    ...samplingFields,
  }),
);

const NO_FLOATS: ReadonlySet<string> = new Set();

export interface BatchOrder {
  readonly modelId: string;
  readonly items: BatchRequest['items'];
  readonly webhookUrl: string | undefined;
}

/** @throws GenlockError `parameter_missing`, `invalid_parameter`, `parameter_conflict`; one invalid item refuses the whole call */
export function readBatch(body: JsonBody): BatchOrder {
  const { modelId, requests, webhookUrl } = checkBatch(body);
  if (requests.length === 0 || requests.length > MAX_ITEMS)
    throw new GenlockError('invalid_parameter', `requests must have 1 to ${MAX_ITEMS} entries.`, {
      param: 'requests',
    });
  const items = requests.map(readItem);
  const ids = new Set<string>();
  for (const [index, { id }] of items.entries()) {
    if (ids.has(id)) throw invalidItem(index, 'is already used in an earlier entry.', 'id');
    ids.add(id);
  }
  return { modelId, items, webhookUrl };
}

function readItem(value: Json, index: number): BatchRequest['items'][number] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidItem(index, 'must be an object.');
  try {
    const { id, prompt, ...sampling } = checkItem({ object: value as JsonObject, floats: NO_FLOATS });
    return { id, prompt, ...readSampling(sampling, PROMPT_DEFAULTS) };
  } catch (thrown) {
    const { code, message, detail } = GenlockError.from(thrown);
    throw new GenlockError(code, `requests[${index}]: ${message}`, {
      param: `requests[${index}].${detail.param}`,
    });
  }
}

function invalidItem(index: number, words: string, member?: string): GenlockError {
  const param = `requests[${index}]${member === undefined ? '' : `.${member}`}`;
  return new GenlockError('invalid_parameter', `${param} ${words}`, { param });
}
