import type { Complaint, FailureTable } from '../upstream/failure.ts';
import { membersOf } from '../upstream/read-members.ts';

/** `{title, detail, status}` of the API; `error` of a failed prediction is text. */
function read(body: unknown): Complaint | undefined {
  const { title, detail, error, retry_after: seconds } = membersOf(body);
  const words = [title, detail, error].filter((one) => one !== undefined && one !== null);
  if (words.length === 0) return undefined;
  const message = words.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(': ');
  const wait = typeof seconds === 'number' ? seconds : waitIn(message);
  return { message, ...(wait !== undefined && { retryAfterMs: Math.ceil(wait * 1000) }) };
}

/** Throttled calls give the time to wait only in words. */
function waitIn(message: string): number | undefined {
  const found = /(?:available in|resets in) ~?(\d+(?:\.\d+)?) ?s/i.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Replicate's errors. What no rule matches is the operator's fault or a failed model. */
export const failures: FailureTable = {
  read,
  rules: [
    {
      message:
        /\bE005\b|nsfw|flagged as sensitive|content (?:policy|moderation)|safety (?:filter|checker|system)/i,
      is: 'content_rejected',
    },
    {
      message: /insufficient credit|spend limit|billing|payment required/i,
      is: 'model_misconfigured',
      routeDown: true,
    },
    {
      message:
        /cannot identify image file|(?:could not|failed to|unable to) (?:load|open|read|decode) (?:the )?(?:input )?(?:image|video|audio)/i,
      is: 'invalid_media',
    },
    { message: /\bE00[34]\b|high demand|temporarily unavailable/i, is: 'upstream_unavailable' },
    { message: /\bE6716\b|prediction timed out/i, is: 'upstream_timeout' },
    { message: /\bE006\b|input validation failed|invalid_fields/i, is: 'model_misconfigured' },
  ],
};
