import { Type } from 'typebox';
import { GenlockError } from '../../../domain/error.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { Sampling, TextRequest } from '../../../domain/request.ts';
import { compileCheck } from '../../../http/check-body.ts';
import type { JsonBody } from '../../../http/json-body.ts';
import { readMessages } from './messages.ts';
import { readMetadata, readSampling, readStop, samplingFields } from './sampling.ts';
import { readTools } from './tools.ts';

const json = () => Type.Optional(Type.Unsafe<Json>({}));
const object = () => Type.Optional(Type.Unsafe<JsonObject>({ type: 'object' }));
const penalty = () => Type.Optional(Type.Number({ minimum: -2, maximum: 2 }));

export const checkChat = compileCheck(
  Type.Object({
    model: Type.String({ minLength: 1 }),
    messages: Type.Array(Type.Unsafe<Json>({})),
    ...samplingFields,
    stream: Type.Optional(Type.Boolean()),
    metadata: object(),
    stop: json(),
    seed: Type.Optional(Type.Integer()),
    n: Type.Optional(Type.Integer({ minimum: 1, maximum: 1 })),
    stream_options: object(),
    presence_penalty: penalty(),
    frequency_penalty: penalty(),
    response_format: object(),
    tools: json(),
    tool_choice: json(),
  }),
);

/** Contract section 5. The figure is that of the guide, since the chat page has none. */
const DEFAULTS = { maxTokens: 512 };

/** A chat body in canonical form, before its model is known. */
export interface Chat {
  readonly model: string;
  readonly request: Omit<TextRequest, 'kind' | 'steering'>;
  readonly sampling: Sampling;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly metadata: JsonObject | null;
}

/** Without a seed the same question gets the same answer, because nobody can test against a double that answers differently each time. */
export const DEFAULT_SEED = 0;

/** @throws GenlockError `parameter_missing`, `invalid_parameter`, `parameter_conflict` */
export function readChat(body: JsonBody): Chat {
  const fields = checkChat(body);
  const sampling = readSampling(fields, DEFAULTS);
  const stop = readStop(fields.stop);
  const { presence_penalty: presencePenalty, frequency_penalty: frequencyPenalty } = fields;
  assertPlainText(fields.response_format);
  return {
    model: fields.model,
    sampling,
    request: {
      messages: readMessages(fields.messages),
      ...sampling,
      ...(stop !== undefined && { stop }),
      ...(presencePenalty !== undefined && { presencePenalty }),
      ...(frequencyPenalty !== undefined && { frequencyPenalty }),
      ...readTools(fields.tools, fields.tool_choice),
      seed: fields.seed ?? DEFAULT_SEED,
    },
    stream: fields.stream ?? false,
    includeUsage: wantsUsage(fields.stream_options),
    metadata: readMetadata(fields.metadata),
  };
}

/** Refuses other formats: to ask for JSON and get prose is worse than an error. */
function assertPlainText(format: JsonObject | undefined): void {
  if (format !== undefined && format.type !== 'text')
    throw new GenlockError('invalid_parameter', 'response_format must be of type text.', {
      param: 'response_format',
    });
}

/** Strict, because a caller whose option was misunderstood would wait for the count in vain. */
function wantsUsage({ include_usage = null }: JsonObject = {}): boolean {
  if (include_usage === null || typeof include_usage === 'boolean') return include_usage === true;
  throw new GenlockError('invalid_parameter', 'stream_options.include_usage must be a boolean.', {
    param: 'stream_options.include_usage',
  });
}
