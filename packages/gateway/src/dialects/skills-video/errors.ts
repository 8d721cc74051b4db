import {
  type CanonicalCode,
  canonicalCodes,
  indexCatalogue,
  type SkillsVideoErrorCode,
  type SkillsVideoFamily,
  type SkillsVideoPlace,
  type SkillsVideoRow,
  skillsVideoPlaces,
  skillsVideoRowsAt,
} from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';
import type { Generation, GenerationFailure } from '../../domain/generation.ts';
import type { WireReply } from '../../http/module.ts';
import { shouldRetryHeader } from '../../http/should-retry.ts';
import { familyOfKind } from './models.ts';

type Index = ReadonlyMap<CanonicalCode, SkillsVideoRow>;

function indexAt(place: SkillsVideoPlace, told: 'response' | 'job'): Index {
  return indexCatalogue(skillsVideoRowsAt(place), told, canonicalCodes);
}

const responses: ReadonlyMap<SkillsVideoPlace, Index> = new Map(
  skillsVideoPlaces.map((place) => [place, indexAt(place, 'response')]),
);
const jobs: ReadonlyMap<SkillsVideoFamily, Index> = new Map(
  (['IMAGE', 'VIDEO', 'TTS'] as const).map((family) => [family, indexAt(family, 'job')]),
);
const byCode: ReadonlyMap<string, SkillsVideoRow> = new Map(
  [...responses.values()].flatMap((index) => [...index.values()].map((row) => [row.code, row])),
);

/** Every 429 and 503 has a Retry-After (contract section 11.5). This is the default. */
const RETRY_AFTER_MS = 5_000;

/** Renders an error in the contract's form (section 11), with its code in that place. */
export function renderError(error: GenlockError, requestId: string, place: SkillsVideoPlace): WireReply {
  const row = responses.get(place)?.get(error.code);
  // Unreachable: the index has every place and every canonical code.
  if (row === undefined) throw error;
  const { code, message, detail } = error;
  return reply(row, wordsFor(row.code, message), { requestId, code, retryAfterMs: detail.retryAfterMs });
}

/** The HTTP answer for a failed task whose caller waited for it, with the code and message of the task. `code` is the canonical error. */
export function renderFailure(failure: Failure, requestId: string, code: CanonicalCode): WireReply {
  const row = byCode.get(failure.code);
  if (row === undefined) throw new GenlockError('internal_error');
  return reply(row, failure.message, { requestId, code });
}

export interface Failure {
  readonly code: SkillsVideoErrorCode;
  readonly message: string;
}

/** `code` and `message` of a failed task, the same wherever it is shown. */
export function failureOf(generation: Generation, { code, message, reason }: GenerationFailure): Failure {
  const family = familyOfKind(generation.kind);
  // "A valid header and broken pixel data" is a failure of the run (section 15); what is not a picture at all is invalid input (section
  // 10).
  const cause = code === 'invalid_media' && reason === 'truncated' ? 'upstream_failed' : code;
  const wire = jobs.get(family)?.get(cause)?.code ?? `${family}_GENERATION_FAILED`;
  return { code: wire, message: wordsFor(wire, message) };
}

interface Telling {
  readonly requestId: string;
  readonly code: CanonicalCode;
  readonly retryAfterMs?: number | undefined;
}

function reply(row: SkillsVideoRow, message: string, telling: Telling): WireReply {
  const { requestId, retryAfterMs = RETRY_AFTER_MS } = telling;
  const { status, code, legacy } = row;
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'x-request-id': requestId,
    ...shouldRetryHeader(telling.code),
  };
  if (row.retryAfter) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return { status: status ?? 500, headers, body: JSON.stringify({ error: legacy, code, message }) };
}

/**
 * Published clients derive the kind of an error from some words in its message (section 11.1). These words are used where they are true and
 * nowhere else, except that names from the request may contain them.
 */
function wordsFor(code: SkillsVideoErrorCode, message: string): string {
  if (code === 'UNAUTHORIZED') return 'Unauthorized: a valid API key is required.';
  if (code.endsWith('_INSUFFICIENT_CREDITS'))
    return 'Insufficient credits: the workspace cannot pay for this generation.';
  if (code.endsWith('_INVALID_INPUT')) return `Input validation failed: ${message}`;
  return message;
}
