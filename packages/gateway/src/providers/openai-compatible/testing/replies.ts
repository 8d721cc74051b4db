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
