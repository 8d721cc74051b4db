import type { Complaint, FailureTable } from '../upstream/failure.ts';

/** `{id, name, errors: ["…"]}` */
function read(body: unknown): Complaint | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { name, errors, message } = body as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' && !Array.isArray(errors)) return undefined;
  const words = Array.isArray(errors) ? errors.join(' ') : String(message ?? '');
  return { ...(typeof name === 'string' && { code: name }), message: words };
}

/** Stability AI's errors. What no rule matches is the operator's fault. */
export const failures: FailureTable = {
  read,
  rules: [
    { code: /content_moderation|content_filter/, is: 'content_rejected' },
    { status: 403, message: /content moderation/i, is: 'content_rejected' },
    { code: /payment_required|insufficient/, is: 'model_misconfigured', routeDown: true },
    { status: 413, is: 'media_too_large' },
    // It only accepts prompts in English.
    { status: 422, code: /language/, is: 'invalid_parameter' },
    { status: 422, message: /english/i, is: 'invalid_parameter' },
    { code: /rate_limit/, is: 'upstream_rate_limited' },
  ],
};
