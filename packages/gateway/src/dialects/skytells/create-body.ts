import { GenlockError } from '../../domain/error.ts';
import type { WebhookTarget } from '../../domain/generation.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Core } from '../../gateway/core.ts';
import { readWebhook } from './webhook-config.ts';

export interface CreateBody {
  readonly model: string;
  readonly input: JsonObject;
  readonly await: boolean;
  readonly stream: boolean;
  readonly webhook: WebhookTarget | null;
}

/** No slug is longer. */
const MAX_SLUG = 200;
const FLAGS = ['await', 'wait', 'stream', 'safety_checker', 'safety_check'] as const;

/**
 * Reads what can be understood of a create body without its model (contract section 3): model, then input, then the rest. Unknown members
 * are ignored.
 *
 * @throws GenlockError `parameter_missing`, `invalid_parameter`
 */
export function readCreateBody(core: Core, body: JsonObject): CreateBody {
  const model = required(body, 'model');
  if (typeof model !== 'string' || model === '' || model.length > MAX_SLUG)
    throw invalid('model', 'must be the slug of a model');
  const input = required(body, 'input');
  if (typeof input !== 'object' || Array.isArray(input)) throw invalid('input', 'must be an object');
  for (const name of FLAGS) {
    if (typeof (body[name] ?? false) !== 'boolean') throw invalid(name, 'must be true or false');
  }
  return {
    model,
    input: input as JsonObject,
    await: (body.await ?? body.wait ?? false) === true,
    stream: body.stream === true,
    webhook: readWebhook(core, body),
  };
}

function required(body: JsonObject, name: string): NonNullable<Json> {
  const value = body[name] ?? null;
  if (value === null)
    throw new GenlockError('parameter_missing', `The ${name} field is required.`, { param: name });
  return value;
}

function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}
