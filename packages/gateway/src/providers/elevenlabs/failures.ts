import type { Complaint, FailureTable } from '../upstream/failure.ts';

/** `{detail: {code, status, message}}`, where `status` is the older of the two words, `{detail: "…"}`, or FastAPI's list. */
function read(body: unknown): Complaint | undefined {
  const detail = (body as { readonly detail?: unknown } | null | undefined)?.detail;
  if (typeof detail === 'string') return { message: detail };
  if (Array.isArray(detail)) return { message: JSON.stringify(detail) };
  if (typeof detail !== 'object' || detail === null) return undefined;
  const { code, status, message } = detail as Readonly<Record<string, unknown>>;
  const words = [code, status].filter((one) => typeof one === 'string');
  return { code: words.join(' '), ...(typeof message === 'string' && { message }) };
}

/**
 * What ElevenLabs says when it goes wrong. An empty account has come with 400, 401, 402 and 429, by two names. A voice or a model that
 * is not there, or not for our plan, is the operator's, as everything that no line names.
 */
export const failures: FailureTable = {
  read,
  rules: [
    { code: /content_against_policy|bad_prompt|content_polic|moderation/, is: 'content_rejected' },
    // A cap on what is spent in a few minutes, which passes.
    { code: /quota_exceeded/, message: /within a|interval/, is: 'upstream_rate_limited' },
    {
      code: /quota_exceeded|insufficient_credits|model_not_found/,
      is: 'model_misconfigured',
      routeDown: true,
    },
    // Told of a voice or a format that our plan has not; others it has.
    { code: /paid_plan_required|subscription_required|free_users_not_allowed/, is: 'model_misconfigured' },
    {
      code: /concurrent_limit_exceeded|too_many_concurrent_requests|rate_limit|system_busy/,
      is: 'upstream_rate_limited',
    },
    { code: /service_unavailable/, is: 'upstream_unavailable' },
  ],
};
