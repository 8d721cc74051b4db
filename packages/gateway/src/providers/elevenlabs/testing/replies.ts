import type { Complaint } from '../../upstream/testing/complaint.ts';

/** Errors in the old form, and in the present form. */
const old = (status: string, message: string) => ({ detail: { status, message } });
const now = (type: string, code: string, message: string) => ({
  detail: { type, code, message, status: code, request_id: '3c807fc4c3a1705f9638ecc764a91c01', param: null },
});

/** ElevenLabs' errors and their meanings. */
export const complaints: readonly Complaint[] = [
  ['a wrong key', { status: 401, body: old('invalid_api_key', 'Invalid API key') }, 'route_down', 'no'],
  [
    'a key without the right',
    { status: 401, body: old('missing_permissions', 'The API key lacks text_to_speech') },
    'route_down',
    'no',
  ],
  [
    'an empty account',
    {
      status: 401,
      body: old('quota_exceeded', 'This request exceeds your quota of 10000. You have 3 credits remaining.'),
    },
    'route_down',
    'no',
  ],
  [
    'an empty account, by its new name',
    { status: 402, body: now('payment_required', 'insufficient_credits', 'Not enough credits.') },
    'route_down',
    'no',
  ],
  [
    'an empty account, told as a rate',
    { status: 429, body: old('quota_exceeded', 'You have 0 credits remaining.') },
    'route_down',
    'no',
  ],
  [
    'a voice for another plan',
    {
      status: 402,
      body: now('payment_required', 'paid_plan_required', 'Free users cannot use library voices.'),
    },
    'model_misconfigured',
    'no',
  ],
  [
    'a free account that is shut out',
    { status: 401, body: old('detected_unusual_activity', 'Unusual activity detected.') },
    'route_down',
    'no',
  ],
  [
    'an unknown voice',
    { status: 404, body: old('voice_not_found', 'A voice with that id was not found.') },
    'model_misconfigured',
    'no',
  ],
  [
    'an unknown model',
    { status: 400, body: now('not_found', 'model_not_found', 'No such model.') },
    'route_down',
    'no',
  ],
  [
    'a member it does not take',
    { status: 422, body: { detail: [{ loc: ['body', 'seed'], msg: 'too large', type: 'value_error' }] } },
    'model_misconfigured',
    'no',
  ],
  [
    'too much in five minutes',
    {
      status: 401,
      body: old(
        'quota_exceeded',
        'This request exceeds your quota limit of 200000 characters within a 5-minute interval.',
      ),
    },
    'upstream_rate_limited',
    'no',
  ],
  [
    'too many at once',
    { status: 429, body: old('too_many_concurrent_requests', 'Too many concurrent requests.') },
    'upstream_rate_limited',
    'no',
  ],
  [
    'too many at once, by its new name',
    { status: 429, body: now('rate_limit_error', 'concurrent_limit_exceeded', 'Too many.') },
    'upstream_rate_limited',
    'no',
  ],
  [
    'a busy system',
    { status: 429, body: old('system_busy', 'Our services are experiencing high traffic levels.') },
    'upstream_rate_limited',
    'no',
  ],
  [
    'a refused text',
    { status: 403, body: old('content_against_policy', 'The text may violate our Terms of Service.') },
    'content_rejected',
    'no',
  ],
  [
    'a refused song',
    { status: 400, body: old('bad_prompt', 'Your prompt appears to have violated our Terms of Service.') },
    'content_rejected',
    'no',
  ],
  [
    'a failure in its own words',
    { status: 500, body: now('internal_error', 'internal_error', 'An internal error occurred.') },
    'upstream_failed',
    'no',
  ],
  [
    'a failure in words that say nothing',
    { status: 500, body: { detail: 'Internal Server Error' } },
    'upstream_failed',
    'maybe',
  ],
  [
    'a service that is down',
    { status: 503, body: now('service_unavailable', 'service_unavailable', 'Down.') },
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
];
