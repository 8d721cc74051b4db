import type { CanonicalCode, SkillsVideoErrorCode } from '@genlock/contracts';
import type { Dialect, Readings } from '../dialect.ts';
import type { GenerationError } from '../error.ts';
import { isObject, text } from '../json.ts';
import { type ErrorAnswer, errorOf, failureIn, readErrorOf } from '../parse.ts';

/** Eight causes for each of the three families (contract section 11.3). */
const CAUSES = {
  FAILED: 'upstream_failed',
  TIMEOUT: 'upstream_timeout',
  RATE_LIMITED: 'rate_limited',
  PROVIDER_UNAVAILABLE: 'upstream_unavailable',
  UNSUPPORTED_MODEL: 'model_unsupported',
  INVALID_INPUT: 'invalid_parameter',
  INSUFFICIENT_CREDITS: 'insufficient_credits',
  CONTENT_REJECTED: 'content_rejected',
} as const satisfies Readings;

const FAMILIES = ['IMAGE', 'VIDEO', 'TTS'] as const;

type General = Exclude<SkillsVideoErrorCode, `${string}_GENERATION_${string}`>;
const GENERAL: Readonly<Record<General, CanonicalCode>> = {
  UNAUTHORIZED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  NOT_FOUND: 'not_found',
  RATE_LIMITED: 'rate_limited',
  INTERNAL_SERVER_ERROR: 'internal_error',
};

const responses: Readings = {
  ...GENERAL,
  // What older bodies contain in place of a code (section 11.1).
  INSUFFICIENT_CREDITS: 'insufficient_credits',
  ...Object.fromEntries(
    FAMILIES.flatMap((family) =>
      Object.entries(CAUSES).map(([cause, code]) => [`${family}_GENERATION_${cause}`, code]),
    ),
  ),
};

/** Contract sections 5, 6, 7, 11 and 12. */
export const skillsVideo: Dialect<'skills-video'> = {
  name: 'skills-video',
  responses,
  jobs: responses,
  // Sent for a provider "known to be down" before a task is accepted (section 11.3).
  refusals: FAMILIES.map((family) => `${family}_GENERATION_PROVIDER_UNAVAILABLE@503`),
  readError({ code, error, message }) {
    const told = text(code) ?? text(error);
    return told === undefined && text(message) === undefined
      ? undefined
      : { code: told, message: text(message) };
  },
  readFailure(value) {
    const task = isObject(value.prediction) ? value.prediction : value;
    const { status, state } = task;
    if (status !== 'FAILED' && status !== 'failed' && (status !== undefined || state !== 'failed'))
      return undefined;
    return {
      code: text(task.code),
      message: text(task.message),
      generationId: text(task.id),
      // Credits are released on FAILED (section 9).
      charged: false,
    };
  },
  requests: {},
};

/** The error in a response; see {@link readErrorOf}. Never throws. */
export function parseSkillsVideoError(response: Response): Promise<GenerationError<'skills-video'>> {
  return readErrorOf(skillsVideo, response);
}

/** The same for an answer whose body has already been read. Never throws. */
export function parseSkillsVideoErrorBody(answer: ErrorAnswer): GenerationError<'skills-video'> {
  return errorOf(skillsVideo, answer);
}

/** The failure inside a success; undefined if there is none. Never throws. */
export function parseSkillsVideoFailure(value: unknown): GenerationError<'skills-video'> | undefined {
  return failureIn(skillsVideo, value);
}
