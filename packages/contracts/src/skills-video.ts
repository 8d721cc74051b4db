import type { CanonicalCode, Retry } from './canonical.ts';
import { canonicalCodes } from './canonical.ts';
import type { Catalogue, CatalogueRow } from './catalogue.ts';

/** By what a model makes. */
export const skillsVideoFamilies = ['IMAGE', 'VIDEO', 'TTS'] as const;
export type SkillsVideoFamily = (typeof skillsVideoFamilies)[number];

/** Where a request was when it failed: on a route that generates something of this family, or on any other route. */
export const skillsVideoPlaces = [...skillsVideoFamilies, 'elsewhere'] as const;
export type SkillsVideoPlace = (typeof skillsVideoPlaces)[number];

type Sub =
  | 'FAILED'
  | 'TIMEOUT'
  | 'RATE_LIMITED'
  | 'PROVIDER_UNAVAILABLE'
  | 'UNSUPPORTED_MODEL'
  | 'INVALID_INPUT'
  | 'INSUFFICIENT_CREDITS'
  | 'CONTENT_REJECTED';

export type SkillsVideoErrorCode =
  | `${SkillsVideoFamily}_GENERATION_${Sub}`
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'INTERNAL_SERVER_ERROR';

export interface SkillsVideoRow extends CatalogueRow<SkillsVideoErrorCode> {
  /** The places that this row is for. A canonical error has one row in each place. */
  readonly places: readonly SkillsVideoPlace[];
  /** The value of `error`, a second code for older clients (section 11.1). */
  readonly legacy: string;
}

export interface SkillsVideoCatalogue extends Catalogue<SkillsVideoErrorCode> {
  readonly rows: readonly SkillsVideoRow[];
}

interface Entry {
  readonly status: number;
  readonly retry: Retry;
  readonly canonical: readonly CanonicalCode[];
  /** The canonical errors of an accepted task; absent if a task cannot end with this code. */
  readonly job?: readonly CanonicalCode[];
  readonly when: string;
}

/** Errors in media, which may only be found while the task runs. */
const UNUSABLE_INPUT = [
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
] as const satisfies readonly CanonicalCode[];

const LIMITS = [
  'rate_limited',
  'concurrency_limited',
  'queue_full',
] as const satisfies readonly CanonicalCode[];

/** Causes that have a code of their own in jobs; every other one is FAILED, "the default branch". */
const NAMED_IN_JOBS: readonly CanonicalCode[] = [
  ...UNUSABLE_INPUT,
  ...LIMITS,
  'upstream_timeout',
  'upstream_rate_limited',
  'upstream_unavailable',
  'no_route',
  'shutting_down',
  'content_rejected',
];

/** Section 11.3: eight causes for each of the three families. */
const SUBS: Readonly<Record<Sub, Entry>> = {
  FAILED: {
    status: 502,
    retry: 'backoff',
    canonical: ['upstream_failed', 'upstream_invalid_result', 'outcome_unknown'],
    job: canonicalCodes.filter((code) => !NAMED_IN_JOBS.includes(code)),
    when: 'The provider failed to make the result.',
  },
  TIMEOUT: {
    status: 504,
    retry: 'backoff',
    canonical: ['upstream_timeout'],
    job: ['upstream_timeout'],
    when: 'The generation took longer than its time limit.',
  },
  RATE_LIMITED: {
    status: 429,
    retry: 'after_delay',
    canonical: [...LIMITS, 'upstream_rate_limited'],
    job: [...LIMITS, 'upstream_rate_limited'],
    when: 'Too many submissions, or too many generations at once.',
  },
  PROVIDER_UNAVAILABLE: {
    status: 503,
    retry: 'backoff',
    canonical: ['upstream_unavailable', 'no_route', 'model_paused', 'shutting_down'],
    job: ['upstream_unavailable', 'no_route', 'shutting_down'],
    when: 'What serves the model is down, paused, or draining.',
  },
  UNSUPPORTED_MODEL: {
    status: 400,
    retry: 'after_fix',
    canonical: ['model_not_found', 'model_unsupported', 'model_inactive', 'model_not_billable'],
    when: 'There is no such pair of provider and model.',
  },
  INVALID_INPUT: {
    status: 400,
    retry: 'after_fix',
    canonical: [...UNUSABLE_INPUT, 'unknown_pack', 'invalid_state', 'idempotency_conflict'],
    job: UNUSABLE_INPUT,
    when: 'The body failed validation or cannot be read; in a task: an input file cannot be fetched or decoded.',
  },
  INSUFFICIENT_CREDITS: {
    status: 402,
    retry: 'after_fix',
    canonical: ['insufficient_credits', 'payment_required'],
    when: 'The workspace has too few credits.',
  },
  CONTENT_REJECTED: {
    status: 422,
    retry: 'after_fix',
    canonical: ['content_rejected'],
    job: ['content_rejected'],
    when: 'Moderation refused the prompt or an input; in a task: the output.',
  },
};

function familyRows(family: SkillsVideoFamily): readonly SkillsVideoRow[] {
  return (Object.entries(SUBS) as [Sub, Entry][]).flatMap(([sub, { job, ...entry }]) => {
    const code = `${family}_GENERATION_${sub}` as const;
    const legacy = sub === 'INSUFFICIENT_CREDITS' ? sub : code;
    const retryAfter = entry.status === 429 || entry.status === 503;
    // "Otherwise VIDEO" (section 11.3): if no family can be told, the code is that of a video.
    const stray = family === 'VIDEO' && sub !== 'RATE_LIMITED';
    const places: readonly SkillsVideoPlace[] = stray ? [family, 'elsewhere'] : [family];
    const response: SkillsVideoRow = { code, legacy, places, told: 'response', retryAfter, ...entry };
    if (job === undefined) return [response];
    return [response, { ...response, told: 'job', status: null, retryAfter: false, canonical: job }];
  });
}

function general(
  code: SkillsVideoErrorCode,
  status: number,
  retry: Retry,
  canonical: readonly CanonicalCode[],
  when: string,
  places: readonly SkillsVideoPlace[] = skillsVideoPlaces,
): SkillsVideoRow {
  const retryAfter = status === 429 || status === 503;
  return { code, legacy: code, places, told: 'response', status, retry, canonical, retryAfter, when };
}

/** skills.video's codes (contracts/skills-video.md sections 11.3 and 11.4). */
export const skillsVideoCatalogue: SkillsVideoCatalogue = {
  dialect: 'skills-video',
  source: 'contracts/skills-video.md sections 11.3 and 11.4',
  rows: [
    ...skillsVideoFamilies.flatMap(familyRows),
    general(
      'UNAUTHORIZED',
      401,
      'after_fix',
      ['unauthenticated'],
      'No key, or one that is malformed, unknown or revoked.',
    ),
    general(
      'FORBIDDEN',
      403,
      'after_fix',
      ['forbidden', 'account_disabled', 'origin_not_allowed', 'ip_not_allowed'],
      'The key is valid, but its plan has no API access, the key or its workspace is disabled, or it may not be used from this address or page.',
    ),
    general(
      'NOT_FOUND',
      404,
      'never',
      ['not_found', 'access_denied', 'route_not_found', 'method_not_allowed'],
      'No such task, file or route, or the task is of another workspace.',
    ),
    general(
      'RATE_LIMITED',
      429,
      'after_delay',
      [...LIMITS, 'upstream_rate_limited'],
      'Too many calls to a route that generates nothing.',
      ['elsewhere'],
    ),
    general(
      'INTERNAL_SERVER_ERROR',
      500,
      'backoff',
      [
        'internal_error',
        'storage_unavailable',
        'charge_failed',
        'limiter_unavailable',
        'model_misconfigured',
      ],
      'Something broke here.',
    ),
  ],
};

/** The rows for one place, in which each canonical error is in exactly one row. */
export function skillsVideoRowsAt(place: SkillsVideoPlace): SkillsVideoCatalogue {
  const rows = skillsVideoCatalogue.rows.filter(({ places }) => places.includes(place));
  return { ...skillsVideoCatalogue, rows };
}
