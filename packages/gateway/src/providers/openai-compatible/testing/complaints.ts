import type { Complaint } from '../../upstream/testing/complaint.ts';

const error = (code: string | number | null, type: string | null, message: string) => ({
  error: { message, type, param: null, code },
});

/** Errors of various servers and their meanings. */
export const complaints: readonly Complaint[] = [
  [
    'a wrong key',
    {
      status: 401,
      body: error('invalid_api_key', 'invalid_request_error', 'Incorrect API key provided: sk-do****ble.'),
    },
    'route_down',
    'no',
  ],
  [
    'a country or project that may not',
    {
      status: 403,
      body: error('unsupported_country_region_territory', 'request_forbidden', 'Country not supported'),
    },
    'model_misconfigured',
    'no',
  ],
  [
    'an empty account, told as a rate',
    {
      status: 429,
      headers: { 'retry-after': '1' },
      body: error(
        'insufficient_quota',
        'insufficient_quota',
        'You exceeded your current quota, please check your plan and billing details.',
      ),
    },
    'route_down',
    'no',
  ],
  [
    'an empty account, in words alone',
    { status: 429, body: { error: { message: 'You exceeded your current quota.' } } },
    'route_down',
    'no',
  ],
  [
    'a spending limit',
    {
      status: 400,
      body: error(
        'billing_hard_limit_reached',
        'invalid_request_error',
        'Billing hard limit has been reached',
      ),
    },
    'route_down',
    'no',
  ],
  ['a bill', { status: 402, body: error(402, null, 'Insufficient Balance') }, 'route_down', 'no'],
  [
    'an unknown model',
    { status: 404, body: error('model_not_found', 'invalid_request_error', 'The model does not exist') },
    'route_down',
    'no',
  ],
  [
    'an unknown model, at Ollama',
    { status: 404, body: { error: "model 'x' not found" } },
    'model_misconfigured',
    'no',
  ],
  ['a wrong address', { status: 404, body: { detail: 'Not Found' } }, 'model_misconfigured', 'no'],
  [
    'a member it does not take',
    { status: 400, body: error('unknown_parameter', 'invalid_request_error', "Unknown parameter: 'seed'.") },
    'model_misconfigured',
    'no',
  ],
  [
    'a member it does not take, at a FastAPI',
    { status: 422, body: { detail: [{ loc: ['body', 'n'], msg: 'extra' }] } },
    'model_misconfigured',
    'no',
  ],
  [
    'a redirect',
    { status: 302, headers: { location: 'https://login.test/' }, body: '' },
    'model_misconfigured',
    'maybe',
  ],
  [
    'too many requests',
    {
      status: 429,
      headers: { 'retry-after': '2' },
      body: error('rate_limit_exceeded', 'tokens', 'Rate limit reached'),
    },
    'upstream_rate_limited',
    'no',
  ],
  ['too many requests, bare', { status: 429, body: '' }, 'upstream_rate_limited', 'no'],
  [
    'a refused picture',
    {
      status: 400,
      body: error(
        'moderation_blocked',
        'image_generation_user_error',
        'Your request was rejected by the safety system.',
      ),
    },
    'content_rejected',
    'no',
  ],
  [
    'a refused prompt',
    { status: 400, body: error('content_policy_violation', 'invalid_request_error', 'Rejected.') },
    'content_rejected',
    'no',
  ],
  [
    'a refused prompt, at Azure',
    {
      status: 400,
      body: {
        error: {
          code: 'content_filter',
          message: 'Filtered.',
          innererror: { code: 'ResponsibleAIPolicyViolation' },
        },
      },
    },
    'content_rejected',
    'no',
  ],
  [
    'a refused prompt, in words alone',
    { status: 400, body: error(null, null, 'This request has been blocked by our content policy.') },
    'content_rejected',
    'no',
  ],
  [
    'a refused prompt, at a router',
    { status: 403, body: error(403, null, 'Your input was flagged') },
    'content_rejected',
    'no',
  ],
  [
    'a resource that is blocked, at Azure',
    {
      status: 403,
      body: error('Forbidden', null, 'Temporarily blocked: behavior that may violate our content policy.'),
    },
    'model_misconfigured',
    'no',
  ],
  [
    'a picture it cannot read',
    {
      status: 400,
      body: error('invalid_image_file', 'image_generation_user_error', 'Invalid image file or mode.'),
    },
    'invalid_media',
    'no',
  ],
  [
    'a chat that is too long',
    {
      status: 400,
      body: error(
        'context_length_exceeded',
        'invalid_request_error',
        "This model's maximum context length is 8192 tokens.",
      ),
    },
    'invalid_parameter',
    'no',
  ],
  [
    'a chat that is too long, at vLLM',
    {
      status: 400,
      body: {
        object: 'error',
        message: "This model's maximum context length is 4096 tokens.",
        type: 'BadRequestError',
        code: 400,
      },
    },
    'invalid_parameter',
    'no',
  ],
  [
    'a call that is under way',
    { status: 409, body: error('conflict', 'invalid_request_error', 'In progress') },
    'upstream_unavailable',
    'no',
  ],
  [
    'a failure in its own words',
    { status: 500, body: error(null, 'server_error', 'The server had an error.') },
    'upstream_failed',
    'no',
  ],
  [
    'a failure, at LocalAI',
    { status: 500, body: { error: { code: 500, message: 'rpc error: out of memory', type: '' } } },
    'upstream_failed',
    'no',
  ],
  [
    'a server that is full',
    { status: 503, body: error('server_is_overloaded', 'service_unavailable_error', 'Overloaded') },
    'upstream_unavailable',
    'no',
  ],
  [
    'a proxy without its server',
    { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><h1>502 Bad Gateway</h1></html>' },
    'upstream_failed',
    'maybe',
  ],
  [
    'a proxy that lost patience',
    { status: 504, body: '<html>Gateway Time-out</html>' },
    'upstream_timeout',
    'maybe',
  ],
  [
    'a proxy that lost patience, of Cloudflare',
    { status: 524, body: 'error code: 524' },
    'upstream_timeout',
    'maybe',
  ],
  ['a failure without a word', { status: 500, body: '' }, 'upstream_failed', 'maybe'],
];
