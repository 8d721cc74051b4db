import type { Complaint, FailureTable } from '../upstream/failure.ts';
import { membersOf } from '../upstream/read-members.ts';

/** `{detail, error_type}` of the platform, or `{detail: [{type, msg, loc}]}` of models. */
function read(body: unknown): Complaint | undefined {
  const { detail, error_type: type, error } = membersOf(body);
  if (Array.isArray(detail)) {
    const all = detail.map(membersOf);
    return { code: all.map((one) => one.type).join(' '), message: all.map((one) => one.msg).join('; ') };
  }
  const message = typeof detail === 'string' ? detail : typeof error === 'string' ? error : undefined;
  if (message === undefined && typeof type !== 'string') return undefined;
  return { ...(typeof type === 'string' && { code: type }), ...(message !== undefined && { message }) };
}

const MEDIA =
  /\b(?:image_load_error|(?:un)?supported_\w*format|unsupported_(?:image|video|audio)\w*|invalid_archive|face_detection_error|corrupted\w*)\b/;

/** fal's errors. What no rule matches is the operator's fault or a failed model. */
export const failures: FailureTable = {
  read,
  rules: [
    { code: /content_policy_violation|partner_validation_failed/, is: 'content_rejected' },
    { message: /content (?:policy|checker|moderation)|flagged|nsfw/i, is: 'content_rejected' },
    {
      message: /exhausted balance|user is locked|top up|insufficient (?:balance|credit)/i,
      is: 'model_misconfigured',
      routeDown: true,
    },
    { code: MEDIA, is: 'invalid_media' },
    { code: /image_too_(?:small|large)|(?:video|audio)_duration_too_(?:long|short)/, is: 'invalid_media' },
    { code: /file_too_large/, is: 'media_too_large' },
    // The model has run, and everything except server failures may be charged for.
    { code: /no_media_generated/, is: 'upstream_invalid_result', accepted: 'yes' },
    { code: /client_(?:cancelled|disconnected)/, is: 'upstream_failed', accepted: 'yes' },
    {
      code: /generation_timeout|request_timeout|startup_timeout|runner_connection_timeout/,
      is: 'upstream_timeout',
      accepted: 'no',
    },
    { code: /runner_|downstream_service_unavailable/, is: 'upstream_unavailable' },
    { code: /downstream_service_error|internal_(?:server_)?error/, is: 'upstream_failed' },
  ],
};
