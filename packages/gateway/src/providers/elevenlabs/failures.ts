import type { Complaint, FailureTable } from '../upstream/failure.ts';

/** `{detail: {code, status, message}}` (`status` is the older of the two codes), `{detail: "…"}`, or FastAPI's list. */
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
 * ElevenLabs' errors. An empty account has been reported with 400, 401, 402 and 429, under two names. A voice or model that does not exist,
 * or is not in our plan, is the operator's fault, like everything that no rule matches.
 */
export const failures: FailureTable = {
  read,
  rules: [
    { code: /content_against_policy|bad_prompt|content_polic|moderation/, is: 'content_rejected' },
    // A limit on spending within a few minutes, which passes.
    { code: /quota_exceeded/, message: /within a|interval/, is: 'upstream_rate_limited' },
    {
      code: /quota_exceeded|insufficient_credits|model_not_found/,
      is: 'model_misconfigured',
      routeDown: true,
    },
    // Reported for a voice or format that our plan does not include; it does include others.
    { code: /paid_plan_required|subscription_required|free_users_not_allowed/, is: 'model_misconfigured' },
    {
      code: /concurrent_limit_exceeded|too_many_concurrent_requests|rate_limit|system_busy/,
      is: 'upstream_rate_limited',
    },
    { code: /service_unavailable/, is: 'upstream_unavailable' },
  ],
};
