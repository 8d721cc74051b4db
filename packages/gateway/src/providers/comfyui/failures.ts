import type { Complaint, FailureTable } from '../upstream/failure.ts';
import { membersOf } from '../upstream/read-members.ts';

/** `{error: {type, message, details}, node_errors}`, or `error` as text. */
function read(body: unknown): Complaint | undefined {
  const { error } = membersOf(body);
  if (typeof error === 'string') return { message: error };
  const { type, message, details } = membersOf(error);
  const words = [message, details].filter((one) => typeof one === 'string' && one !== '');
  if (typeof type !== 'string' && words.length === 0) return undefined;
  return { ...(typeof type === 'string' && { code: type }), message: words.join(': ') };
}

/** ComfyUI's errors, including Python exceptions of its nodes. What no rule matches is the operator's fault or a failed node. */
export const failures: FailureTable = {
  read,
  rules: [
    // The workflow is wrong, whatever the message says, even if it names a model.
    { status: 400, is: 'model_misconfigured' },
    { status: 413, is: 'media_too_large' },
    { code: /OutOfMemory/, is: 'upstream_failed' },
    { message: /out of memory|allocation on device/i, is: 'upstream_failed' },
    // Nodes that call paid APIs.
    {
      message: /content (?:policy|moderation|filter)|moderat(?:ed|ion)|flagged|nsfw/i,
      is: 'content_rejected',
    },
    {
      message: /payment required|add credits|insufficient (?:balance|credit)|please login/i,
      is: 'model_misconfigured',
      routeDown: true,
    },
    { code: /UnidentifiedImageError/, is: 'invalid_media' },
    {
      message:
        /cannot identify image file|image file is truncated|broken data stream|invalid data found when processing input/i,
      is: 'invalid_media',
    },
    { code: /(?:FileNotFound|ModuleNotFound|Import)Error/, is: 'model_misconfigured' },
  ],
};
