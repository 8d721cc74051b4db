/** A call that buys something: dialect, path and body. */
export type Order = readonly [dialect: string, path: string, body: object];

const LLAMA = 'meta-llama/Llama-3.3-70B-Instruct';
export const messages = [{ role: 'user', content: 'Tell me of the sea.' }];
const chat = { model: LLAMA, messages, max_tokens: 5 };
export const speech = { text: 'Every source in step.' };
export const text = { model: 'genlock/text', input: { prompt: 'Tell me of the sea.', max_tokens: 5 } };
const clip = { prompt: 'a boat', resolution: '240p', seconds: 1 };

/** Every way to order, in every dialect. Training is left out, because it first reads a dataset from elsewhere. */
export const orders: readonly Order[] = [
  ['kiara', '/kiara/v1/generations', { prompt: 'a mug' }],
  ['kiara', '/kiara/v1/generations', { product: 'kiara-dream-fast', prompt: 'a boat', duration_seconds: 1 }],
  ['getimg', '/getimg/v2/images/generations', { model: 'seedream-5-lite', prompt: 'a mug' }],
  ['getimg', '/getimg/v2/videos/generations', { model: 'seedance-v1-pro', prompt: 'a boat' }],
  ['skills-video', '/skills-video/api/v1/generation/minimax-tts/speech-02-hd', speech],
  ['skills-video', '/skills-video/api/v1/generation/sse/minimax-tts/speech-02-hd', speech],
  ['skytells', '/skytells/v1/predict', { model: 'truefusion', input: { prompt: 'a mug' } }],
  ['skytells', '/skytells/v1/predictions', { model: 'truefusion', input: { prompt: 'a mug' }, await: true }],
  ['skytells', '/skytells/v1/chat/completions', { model: 'deepbrain-router', messages, max_tokens: 5 }],
  [
    'skytells',
    '/skytells/v1/responses',
    { model: 'deepbrain-router', input: 'The sea?', max_output_tokens: 5 },
  ],
  ['skytells', '/skytells/v1/embeddings', { model: 'skytells-embed-3-large', input: 'the sea '.repeat(20) }],
  ['llmtune', '/llmtune/v1/chat/completions', chat],
  ['llmtune', '/llmtune/v1/chat/completions', { ...chat, stream: true }],
  ['llmtune', '/llmtune/api/agent/v1/chat/completions', chat],
  ['llmtune', `/llmtune/v1/models/${LLAMA}/inference`, { prompt: 'The sea', maxTokens: 5 }],
  ['llmtune', '/llmtune/v1/playground/inference', { modelId: LLAMA, prompt: 'The sea', maxTokens: 5 }],
  [
    'llmtune',
    '/llmtune/v1/batch/inference',
    { modelId: LLAMA, requests: [{ id: 'a', prompt: 'x', maxTokens: 5 }] },
  ],
  ['native', '/v1/generations', { model: 'genlock/image', input: { prompt: 'a mug', size: '256x256' } }],
  ['native', '/v1/generations', { model: 'genlock/video', input: clip }],
  ['native', '/v1/generations', { model: 'genlock/speech', input: speech }],
  ['native', '/v1/generations', text],
  ['native', '/v1/generations', { ...text, stream: true }],
];
