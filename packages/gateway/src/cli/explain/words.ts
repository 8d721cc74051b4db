import type { Advice, GenerationError } from '@genlock/client';
import type { Blame } from '@genlock/contracts';
import { tongues } from './dialects.ts';
import type { Explanation } from './explanation.ts';

export const blameWords: { readonly [blame in Blame]: string } = {
  caller: 'the caller: change the request, the key or the account, or wait',
  operator: 'the operator of the service; nothing is wrong with the request',
  provider: 'the provider behind the service; nothing is wrong with the request',
};

/** Whether the same request can be sent again, and when. */
export function retryWords({ error, told, row, seen }: Explanation): string {
  if (told === 'job')
    return error.retry === 'never'
      ? 'no: the job has failed for good, and the same order would fail again'
      : `the job has failed for good. A new order may succeed ${error.retry === 'after_fix' ? 'after a change' : 'later'}`;
  switch (error.retry) {
    case 'never':
      return error.code === 'outcome_unknown'
        ? 'no: the work might be done, and paid, twice'
        : 'no: the same request will not succeed';
    case 'after_fix':
      return 'not unchanged: fix the cause first';
    case 'backoff':
      return `yes${pauseOf(error) ?? ', with growing pauses'}${keyWords(error)}`;
    case 'after_delay': {
      const named = row?.retryAfter === true && !seen ? ', after the time in Retry-After' : undefined;
      return `yes${pauseOf(error) ?? named ?? ', after a pause'}${keyWords(error)}`;
    }
  }
}

function pauseOf({ retryAfterMs }: GenerationError): string | undefined {
  return retryAfterMs === null ? undefined : `, after ${retryAfterMs / 1000} s, as the answer says`;
}

/**
 * If the dialect honours idempotency keys, a repetition is safe. Otherwise only a request that certainly cost nothing may be repeated
 * unseen.
 */
function keyWords({ dialect, mayHaveBeenCharged }: GenerationError): string {
  const { keyed, keysOptional } = tongues[dialect].dialect.requests;
  if (keyed !== undefined && keysOptional !== true && dialect !== 'llmtune')
    return '; with the same Idempotency-Key';
  return mayHaveBeenCharged
    ? '; but check first whether the work was done, because this API has no idempotency key for orders'
    : '';
}

export function chargeWords({ told, error }: Explanation): string {
  if (!error.mayHaveBeenCharged)
    return told === 'job' ? 'no: the held amount was released' : 'no: this answer rules it out';
  return told === 'job'
    ? 'perhaps: work done before the failure may be charged'
    : 'perhaps: the work may have been done';
}

const ADVICE: { readonly [advice in Advice]: string } = {
  fix_input: 'change the request',
  top_up: 'top up the account, then send the same request again',
  fix_key: 'use another key, or ask the operator to allow this key or its account',
  rewrite_prompt: 'change the wording of the prompt, or use another picture',
  wait: 'wait, then send the same request again',
  contact_support: 'tell the operator',
};

/** The next thing to do, in one line. */
export function adviceWords({ error, told }: Explanation): string {
  const { advice, param, requestId, code, generationId } = error;
  if (code === 'outcome_unknown')
    return `look for the result${generationId === null ? '' : ` of ${generationId}`} before you order again`;
  const what = told === 'job' ? ADVICE[advice].replace('send the same request', 'order') : ADVICE[advice];
  if (advice === 'fix_input' && param !== null) return `change ${param}`;
  if (advice === 'contact_support' && requestId !== null) return `${what} and quote ${requestId}`;
  return what;
}
