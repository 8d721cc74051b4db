import type { Complaint } from '../../upstream/testing/complaint.ts';

const error = (name: string, ...errors: string[]) => ({
  id: 'a6dc6c6e20acda010fe14d71f180658f',
  name,
  errors,
});

/** Stability AI's errors and their meanings. */
export const complaints: readonly Complaint[] = [
  [
    'a wrong key',
    { status: 401, body: error('unauthorized', 'authorization: invalid or missing header value') },
    'route_down',
    'no',
  ],
  [
    'an empty account',
    { status: 402, body: error('payment_required', 'You lack sufficient credits to make this request.') },
    'route_down',
    'no',
  ],
  [
    'an empty account, told as a rate',
    { status: 429, body: error('payment_required', 'You lack sufficient credits.') },
    'route_down',
    'no',
  ],
  [
    'a key without the right',
    { status: 403, body: error('forbidden', 'You do not have permission.') },
    'model_misconfigured',
    'no',
  ],
  [
    'a wrong address',
    { status: 404, body: error('not_found', 'The endpoint was not found.') },
    'model_misconfigured',
    'no',
  ],
  [
    'a field it does not take',
    { status: 400, body: error('bad_request', 'some-field: is required') },
    'model_misconfigured',
    'no',
  ],
  [
    'a refused prompt',
    {
      status: 403,
      body: error('content_moderation', 'Your request was flagged by our content moderation system.'),
    },
    'content_rejected',
    'no',
  ],
  [
    'a refused prompt, in words alone',
    { status: 403, body: { errors: ['Flagged by our content moderation system.'] } },
    'content_rejected',
    'no',
  ],
  [
    'a picture that is too large',
    { status: 413, body: error('payload_too_large', 'payloads cannot be larger than 10MiB in size') },
    'media_too_large',
    'no',
  ],
  [
    'a prompt that is not in English',
    {
      status: 422,
      body: error('invalid_language', 'English is the only supported language for this service.'),
    },
    'invalid_parameter',
    'no',
  ],
  [
    'a request it does not like',
    { status: 422, body: error('unprocessable', 'rejected') },
    'model_misconfigured',
    'no',
  ],
  [
    'too many requests',
    {
      status: 429,
      body: error(
        'rate_limit_exceeded',
        'You have exceeded the rate limit of 150 requests within a 10 second period',
      ),
    },
    'upstream_rate_limited',
    'no',
  ],
  [
    'a failure in its own words',
    { status: 500, body: error('internal_error', 'An unexpected server error has occurred') },
    'upstream_failed',
    'no',
  ],
  [
    'a service that is down',
    { status: 503, body: error('service_unavailable', 'Try again later.') },
    'upstream_unavailable',
    'no',
  ],
  [
    'a proxy without its server',
    { status: 502, body: '<html><h1>502 Bad Gateway</h1></html>' },
    'upstream_failed',
    'maybe',
  ],
  ['a proxy that lost patience', { status: 524, body: 'error code: 524' }, 'upstream_timeout', 'maybe'],
  [
    'a failure in words that are not its own',
    { status: 500, body: { message: null } },
    'upstream_failed',
    'maybe',
  ],
];
