import type { CanonicalCode } from '@genlock/contracts';

/*
 * Replies as the servers of this API give them, cut to what matters. Pictures and clips are made by the double.
 */

const sse = (...pieces: readonly (object | string)[]): string =>
  pieces.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');

const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) => ({
  id: 'chatcmpl-BxYz01',
  object: 'chat.completion.chunk',
  created: 1_760_000_000,
  model: 'm',
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  ...more,
});
const usage = (prompt_tokens: number, completion_tokens: number, more: object = {}) => ({
  prompt_tokens,
  completion_tokens,
  total_tokens: prompt_tokens + completion_tokens,
  ...more,
});

/** Chats that end in all the ways that are in use. */
export const chats = {
  openai: sse(
    chunk({ role: 'assistant', content: '', refusal: null }),
    chunk({ content: 'Grey ' }),
    chunk({ content: 'light.' }),
    chunk({}, 'stop'),
    { ...chunk({}), choices: [], usage: usage(9, 3) },
    '[DONE]',
  ),
  /** Azure begins with what its filter thinks of the prompt. */
  azure: sse(
    { id: '', object: '', created: 0, model: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
    chunk({ content: 'Grey light.' }),
    chunk({}, 'length'),
    '[DONE]',
  ),
  /** vLLM can count as it goes. */
  vllm: sse(
    chunk({ role: 'assistant', content: '' }, null, { usage: usage(7, 0) }),
    chunk({ reasoning_content: 'Sea, so grey.' }, null, { usage: usage(7, 4) }),
    chunk({ content: 'Grey light.' }, null, { usage: usage(7, 6) }),
    chunk({}, 'stop', { usage: usage(7, 7) }),
    { ...chunk({}), choices: [], usage: usage(7, 7) },
    '[DONE]',
  ),
  /** It counts at the start only. */
  early: sse(
    chunk({ role: 'assistant', content: '' }, null, { usage: usage(7, 1) }),
    chunk({ content: 'Grey light.' }),
    chunk({}, 'max_tokens'),
    '[DONE]',
  ),
  /** LocalAI without a count, whose zeros mean nothing. */
  localai: sse(
    chunk({ role: 'assistant', content: null }),
    chunk({ content: 'Grey light.' }, '', { usage: usage(0, 0) }),
    chunk({}, 'stop', { usage: usage(0, 0) }),
    '[DONE]',
  ),
  /** No `[DONE]` behind it. */
  undone: sse(chunk({ content: 'Grey light.' }), chunk({}, 'stop')),
  /** Ollama's own marker, and no reason. */
  marked: sse({ ...chunk({ content: 'Grey light.' }), done: false }, { ...chunk({}), done: true }),
  /** A router that says what it charged, and keeps the line busy with comments. */
  router: `: PROCESSING\n\n${sse(chunk({ content: 'Grey light.' }), chunk({}, 'stop', { usage: usage(9, 3, { cost: 0.00042 }) }), '[DONE]')}`,
  parts: sse(chunk({ content: [{ type: 'text', text: 'Grey light.' }] }), chunk({}, 'stop'), '[DONE]'),
  refused: sse(chunk({ refusal: 'I cannot.' }), chunk({}, 'stop'), '[DONE]'),
} as const;

/** Done without a word, as after a tool that said all: an answer like any other. */
export const silentChat = sse(
  chunk({ role: 'assistant', content: '' }),
  chunk({}, 'stop', { usage: usage(9, 0) }),
  '[DONE]',
);

/** Ends without an answer before them. */
export const emptyChats = {
  done: sse('[DONE]'),
  counted: sse({ ...chunk({}), choices: [], usage: usage(9, 0) }, '[DONE]'),
  begun: sse(chunk({ role: 'assistant', content: '' }), '[DONE]'),
  marked: sse({ done: true }),
} as const;

/** Chats that bring no text to its end. */
export const brokenChats = {
  cut: sse(chunk({ content: 'Grey ' })),
  filtered: sse(chunk({ content: 'Grey ' }), chunk({}, 'content_filter'), '[DONE]'),
  /** vLLM and others tell in the stream what befell them. */
  failed: sse(chunk({ content: 'Grey ' }), {
    error: {
      object: 'error',
      message: 'EngineCore encountered an issue.',
      type: 'InternalServerError',
      code: 500,
    },
  }),
  /** A router whose server failed. */
  lost: sse(chunk({ content: 'Grey ' }), chunk({}, 'error'), '[DONE]'),
  overloaded: sse({ error: { type: 'server_error', code: 'server_is_overloaded', message: 'Overloaded' } }),
  flagged: sse({
    error: { code: 'content_policy_violation', message: 'Flagged.', type: 'invalid_request_error' },
  }),
  garbage: 'data: {"choices": [{\n\n',
  /** The page of a proxy with the status of a success. */
  page: '<html><body>Please sign in.</body></html>',
} as const;

const call = (id: string | null, name: string | null, given: unknown, more: object = {}) => ({
  tool_calls: [
    { ...more, ...(id !== null && { id }), type: 'function', function: { name, arguments: given } },
  ],
});

/** Two calls of tools, in the ways in which they come. */
export const toolChats = {
  openai: sse(
    chunk({ role: 'assistant', content: null, ...call('call_a', 'read', '', { index: 0 }) }),
    chunk(call(null, null, '{"path":', { index: 0 })),
    chunk(call(null, null, '"a.ts"}', { index: 0 })),
    chunk(call('call_b', 'list', '', { index: 1 })),
    chunk(call(null, null, '{}', { index: 1 })),
    chunk({}, 'tool_calls'),
    '[DONE]',
  ),
  /** All at the same index, each whole, and ended like a text. */
  ollama: sse(
    chunk({ role: 'assistant', content: '', ...call('call_a', 'read', '{"path":"a.ts"}', { index: 0 }) }),
    chunk({ role: 'assistant', content: '', ...call('call_b', 'list', '{}', { index: 0 }) }),
    chunk({}, 'stop'),
    '[DONE]',
  ),
  unnumbered: sse(
    chunk(call('call_a', 'read', '{"path":"a.ts"}')),
    chunk(call('call_b', 'list', '{}')),
    chunk({}, 'tool_calls'),
    '[DONE]',
  ),
  /** An id for each piece. */
  vllm: sse(
    chunk(call('call_a', 'read', '', { index: 0 })),
    chunk(call('call_x', null, '{"path":"a.ts"}', { index: 0 })),
    chunk(call('call_b', 'list', '{}', { index: 1 })),
    chunk({}, 'tool_calls'),
    '[DONE]',
  ),
  /** Arguments that are no text. */
  objects: sse(
    chunk(call('call_a', 'read', { path: 'a.ts' }, { index: 0 })),
    chunk(call('call_b', 'list', {}, { index: 1 })),
    chunk({}, 'tool_calls'),
    '[DONE]',
  ),
} as const;

/** From a server that cannot stream. */
export const wholeChat = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Grey light.' }, finish_reason: 'stop' }],
  usage: usage(9, 3),
};

type Told = readonly [
  name: string,
  answer: { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown },
  /** `route_down`: misconfigured, whatever is sent there. */
  code: CanonicalCode | 'route_down',
  accepted: 'no' | 'maybe' | 'yes',
];

const error = (code: string | number | null, type: string | null, message: string) => ({
  error: { message, type, param: null, code },
});

/** What servers say when it goes wrong, and what it is. */
export const complaints: readonly Told[] = [
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
    'no',
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
