import type { Advice, GenerationError } from '@genlock/client';
import type { Blame } from '@genlock/contracts';
import { tongues } from './dialects.ts';
import type { Explanation } from './explanation.ts';

export const blameWords: { readonly [blame in Blame]: string } = {
  caller: 'the caller: the request, the key or the account has to change',
  operator: 'the operator of the service: nothing in the request is wrong',
  provider: 'the provider behind the service',
};

/** Whether the same request can be sent again, and when. */
export function retryWords({ error, told, row, seen }: Explanation): string {
  if (told === 'job')
    return error.retry === 'never'
      ? 'no: this job stays failed, and a new order of the same would fail, too'
      : `this job stays failed. A new order may succeed${error.retry === 'after_fix' ? ' once something is changed' : ' later'}`;
  switch (error.retry) {
    case 'never':
      return error.code === 'outcome_unknown'
        ? 'no: it might be done, and paid, twice'
        : 'no: the same request will not succeed';
    case 'after_fix':
      return 'not as it is: first something has to change';
    case 'backoff':
      return `yes${pauseOf(error) ?? ', with growing pauses'}${keyWords(error)}`;
    case 'after_delay': {
      const named =
        row?.retryAfter === true && !seen ? ', after the pause that Retry-After names' : undefined;
      return `yes${pauseOf(error) ?? named ?? ', after a pause'}${keyWords(error)}`;
    }
  }
}

function pauseOf({ retryAfterMs }: GenerationError): string | undefined {
  return retryAfterMs === null ? undefined : `, after ${retryAfterMs / 1000} s, as the answer asks`;
}

/**
 * If the dialect honours idempotency keys, a repetition is safe. Otherwise only a request that certainly cost nothing may be repeated
 * unseen.
 */
function keyWords({ dialect, mayHaveBeenCharged }: GenerationError): string {
  const { keyed, keysOptional } = tongues[dialect].dialect.requests;
  if (keyed !== undefined && keysOptional !== true && dialect !== 'llmtune')
    return '; with the same Idempotency-Key';
  return mayHaveBeenCharged ? '; but look first whether it was done, as this API has no key for orders' : '';
}

export function chargeWords({ told, error }: Explanation): string {
  if (!error.mayHaveBeenCharged)
    return told === 'job' ? 'no: what was held is released' : 'no: this answer rules it out';
  return told === 'job'
    ? 'perhaps: what was made before the failure can cost'
    : 'perhaps: the work may have been done';
}

const ADVICE: { readonly [advice in Advice]: string } = {
  fix_input: 'change the request',
  top_up: 'top up the account, then send the same again',
  fix_key: 'use another key, or have this one or its account allowed',
  rewrite_prompt: 'put the prompt in other words, or use another picture',
  wait: 'wait, then send the same again',
  contact_support: 'tell the operator',
};

/** The next thing to do, in one line. */
export function adviceWords({ error, told }: Explanation): string {
  const { advice, param, requestId, code, generationId } = error;
  if (code === 'outcome_unknown')
    return `look for the result${generationId === null ? '' : ` of ${generationId}`} before anything is ordered again`;
  const what = told === 'job' ? ADVICE[advice].replace('send the same', 'order') : ADVICE[advice];
  if (advice === 'fix_input' && param !== null) return `change ${param}`;
  if (advice === 'contact_support' && requestId !== null) return `${what}, and quote ${requestId}`;
  return what;
}
