import type { Complaint, FailureTable } from '../upstream/failure.ts';

/** `{error: {…}}` (OpenAI, vLLM, LocalAI), `{error: "…"}` (Ollama), `{object: "error", …}` (older vLLM), `{detail}` (FastAPI). */
function read(body: unknown): Complaint | undefined {
  const { error, detail, object, ...rest } = membersOf(body);
  if (typeof error === 'string') return { message: error };
  if (isObject(error)) return complaintOf(error);
  if (object === 'error') return complaintOf(rest);
  if (typeof detail === 'string') return { message: detail };
  return detail === undefined ? undefined : { message: JSON.stringify(detail) };
}

/** Both code and type, because servers differ in which of them is more precise. */
function complaintOf({ code, type, message, innererror }: Readonly<Record<string, unknown>>): Complaint {
  const words = [code, type, membersOf(innererror).code].filter((one) => typeof one === 'string');
  return { code: words.join(' '), ...(typeof message === 'string' && { message }) };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const REFUSED =
  /content_policy|moderation_blocked|content_filter|ResponsibleAIPolicyViolation|sentinel_block|invalid_prompt|output_moderation|input_moderation/i;
const REFUSED_IN_WORDS =
  /safety system|content (?:management )?policy|usage policies|content moderation|flagged as potentially violating/i;

/**
 * Errors of servers with this API. Errors of our key, account or address need no rules, because what no rule matches is the operator's
 * fault. An empty account has the status of a rate limit.
 */
export const failures: FailureTable = {
  read,
  rules: [
    { code: REFUSED, is: 'content_rejected' },
    { status: [400, 422], message: REFUSED_IN_WORDS, is: 'content_rejected' },
    { status: 403, message: /flagged|moderation/i, is: 'content_rejected' },
    {
      code: /insufficient_quota|billing|quota_exceeded|insufficient_(?:balance|credits?|funds)|access_terminated/i,
      is: 'model_misconfigured',
      routeDown: true,
    },
    {
      status: 429,
      message: /exceeded your current quota|check your plan and billing/i,
      is: 'model_misconfigured',
      routeDown: true,
    },
    { status: 404, code: /model_not_found|NotFoundError/, is: 'model_misconfigured', routeDown: true },
    { code: /invalid_image|image_parse_error|unsupported_image|invalid_base64_image/i, is: 'invalid_media' },
    { code: /image_too_large|image_too_small/i, is: 'invalid_media' },
    { code: /image_generation_user_error/, is: 'content_rejected' },
    { code: /context_length_exceeded|string_above_max_length/i, is: 'invalid_parameter' },
    {
      status: 400,
      message: /maximum context length|context (?:size|window|length) .*exceed/i,
      is: 'invalid_parameter',
    },
    { code: /rate_limit|too_many_requests/i, is: 'upstream_rate_limited' },
    { code: /overloaded|slow_down|engine_overloaded/i, is: 'upstream_unavailable' },
    { code: /^(?:request_)?timeout/i, is: 'upstream_timeout', accepted: 'maybe' },
    // A call under the same key is in progress.
    { status: 409, is: 'upstream_unavailable' },
    { status: 425, is: 'upstream_unavailable' },
  ],
};
