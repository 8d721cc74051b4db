import {
  type CanonicalCode,
  type CatalogueRow,
  canonicalErrors,
  rowId,
  type SkytellsRow,
} from '@genlock/contracts';
import { expect } from 'vitest';
import type { Advice, DialectName, GenerationError } from '../src/index.ts';

/** The advice for each canonical error, written down a second time; the client must arrive at the same. */
const ADVICE: { readonly [advice in Advice]: readonly CanonicalCode[] } = {
  fix_key: ['unauthenticated', 'account_disabled', 'origin_not_allowed', 'ip_not_allowed', 'forbidden'],
  top_up: ['insufficient_credits', 'payment_required'],
  rewrite_prompt: ['content_rejected'],
  fix_input: [
    'access_denied',
    'malformed_request',
    'parameter_missing',
    'invalid_parameter',
    'parameter_conflict',
    'parameter_not_allowed',
    'source_media_required',
    'invalid_media',
    'media_too_large',
    'media_unreadable',
    'media_too_short',
    'model_not_found',
    'model_unsupported',
    'model_inactive',
    'unknown_pack',
    'not_found',
    'route_not_found',
    'method_not_allowed',
    'invalid_state',
    'idempotency_conflict',
  ],
  wait: [
    'model_paused',
    'no_route',
    'charge_failed',
    'rate_limited',
    'concurrency_limited',
    'queue_full',
    'limiter_unavailable',
    'upstream_failed',
    'upstream_timeout',
    'upstream_rate_limited',
    'upstream_unavailable',
    'upstream_invalid_result',
    'internal_error',
    'storage_unavailable',
    'shutting_down',
  ],
  contact_support: ['model_not_billable', 'model_misconfigured', 'outcome_unknown'],
};

const waits = ({ retry }: CatalogueRow): boolean => retry === 'backoff' || retry === 'after_delay';

function adviceOf(code: CanonicalCode, row: CatalogueRow): Advice {
  const usual = (Object.keys(ADVICE) as Advice[]).find((advice) => ADVICE[advice].includes(code));
  if (usual === undefined) throw new Error(`no advice is written down for ${code}`);
  // If a dialect says that waiting helps, or that it does not, that counts.
  if (waits(row)) return usual === 'contact_support' || usual === 'fix_input' ? 'wait' : usual;
  if (usual !== 'wait') return usual;
  return row.retry === 'after_fix' && canonicalErrors[code].blame !== 'operator'
    ? 'fix_input'
    : 'contact_support';
}

/** The canonical errors of a row: the general ones, and those that become it in certain places only. */
export function meanings(row: CatalogueRow & Pick<SkytellsRow, 'placed'>): readonly string[] {
  const placed = Object.values(row.placed ?? {}).flat();
  const only = 'only' in row && row.canonical.length === 0 ? ['not_found'] : [];
  return [...row.canonical, ...placed.map((cause) => cause.split('/')[0] ?? ''), ...only];
}

/** The row as it was received: for rows with several meanings, a header says that the outcome is unknown, and then nothing is repeated. */
export function asTold(row: CatalogueRow, { code }: GenerationError): CatalogueRow {
  return code === 'outcome_unknown' && row.told === 'response'
    ? { ...row, canonical: [code], retry: canonicalErrors[code].retry }
    : row;
}

/** Asserts that the client read an answer or a job as its row says. */
export function expectUnderstood(error: GenerationError, told: CatalogueRow): void {
  const row = asTold(told, error);
  const { code, retry, blame, advice, retryAfterMs } = error;
  expect(meanings(told), `${rowId(row)} reads as ${code}`).toContain(code);
  expect({ retry, blame, advice }).toEqual({
    retry: row.retry,
    blame: canonicalErrors[code].blame,
    advice: adviceOf(code, row),
  });
  expect(retryAfterMs === null, `${rowId(row)} asks for ${retryAfterMs} ms`).toBe(!row.retryAfter);
}

/** `free`: costs nothing. `keyed`: the service recognises repetitions by their key. `keyless`: sending it again buys again. */
export type Kind = 'free' | 'keyed' | 'keyless';

/** What happens after such an answer: the call is repeated, the answer is returned, or it ends as `outcome_unknown`. */
export type End = 'repeated' | 'returned' | 'unknown';

/** 5xx rows that are sent before any work began, in contracts whose other errors do not say anything about the work. */
const BEFORE_WORK: readonly RegExp[] = [
  /^(?:kiara|native) /,
  /^skytells (?:PREDICTION_ERROR|SERVICE_UNAVAILABLE)@503$/,
  /^skills-video \w+_GENERATION_PROVIDER_UNAVAILABLE@503$/,
];

/** What the client has to do according to the table. A conflict (409) may pass as well, but nobody says when. */
export function endOf(dialect: DialectName, row: CatalogueRow, kind: Kind): End {
  const status = row.status ?? 0;
  if (!waits(row) || (status < 500 && status !== 429))
    return kind !== 'free' && row.canonical.includes('outcome_unknown') ? 'unknown' : 'returned';
  if (kind !== 'keyless' || status === 429) return 'repeated';
  return BEFORE_WORK.some((rows) => rows.test(`${dialect} ${rowId(row)}`)) ? 'repeated' : 'unknown';
}
