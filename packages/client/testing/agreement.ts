import {
  type CanonicalCode,
  type CatalogueRow,
  canonicalErrors,
  rowId,
  type SkytellsRow,
} from '@genlock/contracts';
import { expect } from 'vitest';
import type { Advice, DialectName, GenerationError } from '../src/index.ts';

/** What somebody can do about each canonical error, written down once more: the client has to come to the same. */
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
  // Where a dialect says that waiting helps, or that it does not, that counts.
  if (waits(row)) return usual === 'contact_support' || usual === 'fix_input' ? 'wait' : usual;
  if (usual !== 'wait') return usual;
  return row.retry === 'after_fix' && canonicalErrors[code].blame !== 'operator'
    ? 'fix_input'
    : 'contact_support';
}

/** What a row may mean: here, and in the places of which it is only there. */
export function meanings(row: CatalogueRow & Pick<SkytellsRow, 'placed'>): readonly string[] {
  const placed = Object.values(row.placed ?? {}).flat();
  const only = 'only' in row && row.canonical.length === 0 ? ['not_found'] : [];
  return [...row.canonical, ...placed.map((cause) => cause.split('/')[0] ?? ''), ...only];
}

/** The row as an answer told it: with a header, rows that mean several things say that nobody knows, and then nothing is repeated. */
export function asTold(row: CatalogueRow, { code }: GenerationError): CatalogueRow {
  return code === 'outcome_unknown' && row.told === 'response'
    ? { ...row, canonical: [code], retry: canonicalErrors[code].retry }
    : row;
}

/** Asserts that what the client made of an answer or a job is what its row says. */
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

/** A call that costs nothing; one whose repetitions the service knows by their key; one that is bought again if sent again. */
export type Kind = 'free' | 'keyed' | 'keyless';

/** What becomes of a call that is answered so: sent again, given back, or given up as `outcome_unknown`. */
export type End = 'repeated' | 'returned' | 'unknown';

/** 5xx of contracts whose errors are otherwise silent about the work: told before any began. */
const BEFORE_WORK: readonly RegExp[] = [
  /^(?:kiara|native) /,
  /^skytells (?:PREDICTION_ERROR|SERVICE_UNAVAILABLE)@503$/,
  /^skills-video \w+_GENERATION_PROVIDER_UNAVAILABLE@503$/,
];

/** What the client has to do, by the table. A conflict (409) may pass as well, but nobody says when. */
export function endOf(dialect: DialectName, row: CatalogueRow, kind: Kind): End {
  const status = row.status ?? 0;
  if (!waits(row) || (status < 500 && status !== 429))
    return kind !== 'free' && row.canonical.includes('outcome_unknown') ? 'unknown' : 'returned';
  if (kind !== 'keyless' || status === 429) return 'repeated';
  return BEFORE_WORK.some((rows) => rows.test(`${dialect} ${rowId(row)}`)) ? 'repeated' : 'unknown';
}
