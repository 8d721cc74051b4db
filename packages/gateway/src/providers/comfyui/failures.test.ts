import { describe, expect, it } from 'vitest';
import { failureFrom, failureOf } from '../upstream/failure.ts';
import { failures } from './failures.ts';

const answer = (status: number, body: unknown) => {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  const { code, detail } = failureOf({ status, headers: {}, body: bytes }, failures, true);
  return [code, detail.accepted];
};
const refused = (type: string, message: string, details = '') => ({
  error: { type, message, details, extra_info: {} },
  node_errors: {},
});

describe('an answer that is no success', () => {
  it.each([
    [400, refused('prompt_no_outputs', 'Prompt has no outputs'), 'model_misconfigured', 'no'],
    [400, refused('missing_node_type', "Node 'X' not found."), 'model_misconfigured', 'no'],
    [
      400,
      refused('prompt_outputs_failed_validation', 'Failed', "Value not in list: 'nsfw.ckpt'"),
      'model_misconfigured',
      'no',
    ],
    [400, { error: 'no prompt', node_errors: [] }, 'model_misconfigured', 'no'],
    [401, { error: 'Unauthorized' }, 'model_misconfigured', 'no'],
    [403, '', 'model_misconfigured', 'no'],
    [404, '404: Not Found', 'model_misconfigured', 'no'],
    [413, 'Maximum request body size 104857600 exceeded', 'media_too_large', 'no'],
    [429, '', 'upstream_rate_limited', 'no'],
    [500, '500 Internal Server Error\n\nServer got itself in trouble', 'upstream_failed', 'maybe'],
    [500, { error: 'Internal Server Error' }, 'upstream_failed', 'maybe'],
    [502, '<html>Bad Gateway</html>', 'upstream_failed', 'maybe'],
    [503, { error: 'starting' }, 'upstream_unavailable', 'no'],
    [504, '', 'upstream_timeout', 'maybe'],
  ] as const)('is read: %i %j', (status, body, code, accepted) => {
    expect(answer(status, body)).toEqual([code, accepted]);
  });
});

describe('a prompt that failed', () => {
  it.each([
    ['torch.OutOfMemoryError', 'Allocation on device ', 'upstream_failed'],
    ['RuntimeError', 'CUDA out of memory. Tried to allocate 2 GiB', 'upstream_failed'],
    ['RuntimeError', 'mat1 and mat2 shapes cannot be multiplied', 'upstream_failed'],
    ['execution_interrupted', 'execution_interrupted', 'upstream_failed'],
    ['PIL.UnidentifiedImageError', 'cannot identify image file', 'invalid_media'],
    ['OSError', 'image file is truncated (3 bytes not processed)', 'invalid_media'],
    ['av.error.InvalidDataError', 'Invalid data found when processing input', 'invalid_media'],
    ['FileNotFoundError', "No such file: 'vae.safetensors'", 'model_misconfigured'],
    ['ModuleNotFoundError', "No module named 'xformers'", 'model_misconfigured'],
    ['Exception', 'Payment Required: Please add credits to your account', 'model_misconfigured'],
    ['Exception', 'Unauthorized: Please login first to use this node.', 'model_misconfigured'],
    ['Exception', 'The request was moderated', 'content_rejected'],
  ] as const)('is read: %s %s', (type, message, code) => {
    const complaint = failures.read({ error: { type, message } });
    const error = failureFrom(undefined, complaint, failures, { paid: true, raw: '' });
    expect([error.code, error.detail.accepted]).toEqual([code, 'no']);
  });
});
