/* Replies as servers with this API send them, reduced to what matters. The double makes pictures and clips. */

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

/** Chats with all the usual endings. */
export const chats = {
  openai: sse(
    chunk({ role: 'assistant', content: '', refusal: null }),
    chunk({ content: 'Grey ' }),
    chunk({ content: 'light.' }),
    chunk({}, 'stop'),
    { ...chunk({}), choices: [], usage: usage(9, 3) },
    '[DONE]',
  ),
  /** Azure begins with its content filter's result for the prompt. */
  azure: sse(
    { id: '', object: '', created: 0, model: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
    chunk({ content: 'Grey light.' }),
    chunk({}, 'length'),
    '[DONE]',
  ),
  /** vLLM can send running counts. */
  vllm: sse(
    chunk({ role: 'assistant', content: '' }, null, { usage: usage(7, 0) }),
    chunk({ reasoning_content: 'Sea, so grey.' }, null, { usage: usage(7, 4) }),
    chunk({ content: 'Grey light.' }, null, { usage: usage(7, 6) }),
    chunk({}, 'stop', { usage: usage(7, 7) }),
    { ...chunk({}), choices: [], usage: usage(7, 7) },
    '[DONE]',
  ),
  /** Sends a count only at the start. */
  early: sse(
    chunk({ role: 'assistant', content: '' }, null, { usage: usage(7, 1) }),
    chunk({ content: 'Grey light.' }),
    chunk({}, 'max_tokens'),
    '[DONE]',
  ),
  /** LocalAI without counts; its zeros mean nothing. */
  localai: sse(
    chunk({ role: 'assistant', content: null }),
    chunk({ content: 'Grey light.' }, '', { usage: usage(0, 0) }),
    chunk({}, 'stop', { usage: usage(0, 0) }),
    '[DONE]',
  ),
  /** Without `[DONE]`. */
  undone: sse(chunk({ content: 'Grey light.' }), chunk({}, 'stop')),
  /** Ollama's own end marker, without a finish reason. */
  marked: sse({ ...chunk({ content: 'Grey light.' }), done: false }, { ...chunk({}), done: true }),
  /** A router that reports its charge and keeps the connection alive with comments. */
  router: `: PROCESSING\n\n${sse(chunk({ content: 'Grey light.' }), chunk({}, 'stop', { usage: usage(9, 3, { cost: 0.00042 }) }), '[DONE]')}`,
  parts: sse(chunk({ content: [{ type: 'text', text: 'Grey light.' }] }), chunk({}, 'stop'), '[DONE]'),
  refused: sse(chunk({ refusal: 'I cannot.' }), chunk({}, 'stop'), '[DONE]'),
} as const;

/** Ends without text, as after a tool that said everything: a valid answer. */
export const silentChat = sse(
  chunk({ role: 'assistant', content: '' }),
  chunk({}, 'stop', { usage: usage(9, 0) }),
  '[DONE]',
);

/** Endings without an answer. */
export const emptyChats = {
  done: sse('[DONE]'),
  counted: sse({ ...chunk({}), choices: [], usage: usage(9, 0) }, '[DONE]'),
  begun: sse(chunk({ role: 'assistant', content: '' }), '[DONE]'),
  marked: sse({ done: true }),
} as const;

/** Chats whose text breaks off. */
export const brokenChats = {
  cut: sse(chunk({ content: 'Grey ' })),
  filtered: sse(chunk({ content: 'Grey ' }), chunk({}, 'content_filter'), '[DONE]'),
  /** vLLM and others send errors within the stream. */
  failed: sse(chunk({ content: 'Grey ' }), {
    error: {
      object: 'error',
      message: 'EngineCore encountered an issue.',
      type: 'InternalServerError',
      code: 500,
    },
  }),
  /** A router whose upstream failed. */
  lost: sse(chunk({ content: 'Grey ' }), chunk({}, 'error'), '[DONE]'),
  overloaded: sse({ error: { type: 'server_error', code: 'server_is_overloaded', message: 'Overloaded' } }),
  flagged: sse({
    error: { code: 'content_policy_violation', message: 'Flagged.', type: 'invalid_request_error' },
  }),
  garbage: 'data: {"choices": [{\n\n',
  /** A proxy's page with a success status. */
  page: '<html><body>Please sign in.</body></html>',
} as const;

const call = (id: string | null, name: string | null, given: unknown, more: object = {}) => ({
  tool_calls: [
    { ...more, ...(id !== null && { id }), type: 'function', function: { name, arguments: given } },
  ],
});

/** Two tool calls, in the forms that servers send. */
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
  /** All at the same index, each complete, with the finish reason of a text. */
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
  /** A new id in each chunk. */
  vllm: sse(
    chunk(call('call_a', 'read', '', { index: 0 })),
    chunk(call('call_x', null, '{"path":"a.ts"}', { index: 0 })),
    chunk(call('call_b', 'list', '{}', { index: 1 })),
    chunk({}, 'tool_calls'),
    '[DONE]',
  ),
  /** Arguments that are an object and not text. */
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
