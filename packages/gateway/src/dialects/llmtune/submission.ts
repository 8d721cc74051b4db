import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import { inputTextsOf, type TextRequest } from '../../domain/request.ts';
import { type Caller, limitOf } from '../../gateway/accounts/authenticate.ts';
import { countTokens } from '../../gateway/admission/count-tokens.ts';
import type { Submission } from '../../gateway/admission/submission.ts';
import type { Core } from '../../gateway/core.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import type { SlotClaim } from '../../store/port.ts';
import { NAME } from './links.ts';
import type { UsableModel } from './usable-model.ts';

/** What every paid endpoint needs. */
export interface Paid {
  readonly core: Core;
  readonly dialect: Dialect;
  readonly caller: Caller;
}

export interface TextOrder {
  readonly usable: UsableModel;
  readonly request: Omit<TextRequest, 'kind' | 'steering'>;
  readonly input: JsonObject;
  readonly metadata: JsonObject | null;
  readonly steering: string | undefined;
}

/**
 * A text call in the form for the core. Holds the most that it can cost: all of its input and its maximum output (contract section 11).
 *
 * @throws GenlockError `invalid_parameter` if input and output do not fit the model
 */
export function textSubmission(
  paid: Paid,
  { usable, request, input, metadata, steering }: TextOrder,
): Submission {
  const { model, facts } = usable;
  const inputTokens = countTokens(paid.core, model, inputTextsOf(request));
  const room = facts.contextLength - inputTokens;
  if (request.maxTokens > facts.contextLength)
    throw new GenlockError('invalid_parameter', `max_tokens must be at most ${facts.contextLength}.`, {
      param: 'max_tokens',
    });
  if (room < 1)
    throw new GenlockError('invalid_parameter', 'The input is longer than the context of the model.', {
      param: 'messages',
    });
  const maxTokens = Math.min(request.maxTokens, room);
  return {
    ...paid,
    model,
    input,
    request: { kind: 'text', ...request, maxTokens, ...(steering !== undefined && { steering }) },
    usage: { inputTokens, outputTokens: maxTokens },
    slots: slotsOf(paid),
    metadata,
  };
}

/** All unfinished work counts, including jobs (contract section 14: 20 at once per key). */
export function slotsOf({ core, caller }: Paid): readonly SlotClaim[] {
  const max = limitOf('concurrent', caller, core.config().dialects[NAME]?.limits ?? {});
  if (max === undefined) return [];
  return [{ slot: `${caller.key.id}:concurrent`, max, refusal: 'concurrency_limited' }];
}
