import type { Kind } from '../packages/gateway/src/domain/request.ts';

/** How a customer orders one kind of work in one dialect. */
export interface Caller {
  readonly dialect: string;
  readonly kind: Kind;
  readonly path: string;
  /** The contract honours idempotency keys, so an order whose answer was lost is sent again. */
  readonly keyed: boolean;
  readonly hooks: boolean;
  /** Without `hook` no webhook is requested. */
  body(prompt: string, hook?: string): object;
  /** The id of the job in a 2xx answer. */
  id(answer: Answer): string | undefined;
  /** Where to poll the job; absent if the answer was the end. */
  readonly at?: (id: string) => string;
  readonly open: readonly string[];
  /** The status, besides 200, with which the contract reports a failed job. */
  readonly failedBy?: number;
}

export interface Answer {
  readonly id?: string;
  readonly status?: string;
}

const idOf = ({ id }: Answer): string | undefined => id;
const none = { id: () => undefined, keyed: false, hooks: false, open: [] };
const ENDINGS = ['generation.succeeded', 'generation.failed', 'generation.canceled'];

function kiara(kind: Kind, order: object): Caller {
  return {
    dialect: 'kiara',
    kind,
    path: '/kiara/v1/generations',
    keyed: true,
    hooks: true,
    body: (prompt, hook) => ({ ...order, prompt, ...(hook && { webhook_url: hook }) }),
    id: idOf,
    at: (id) => `/kiara/v1/generations/${id}`,
    open: ['queued', 'processing'],
  };
}

function skillsVideo(kind: Kind, model: string, order: object): Caller {
  return {
    dialect: 'skills-video',
    kind,
    path: `/skills-video/api/v1/generation/${model}`,
    keyed: false,
    hooks: false,
    body: (prompt) => ({ ...order, prompt }),
    id: idOf,
    at: (id) => `/skills-video/api/v1/generation/${id}`,
    open: ['IN_QUEUE', 'IN_PROGRESS'],
  };
}

function native(kind: Kind, model: string, input: (text: string) => object): Caller {
  return {
    dialect: 'native',
    kind,
    path: '/v1/generations',
    keyed: true,
    hooks: true,
    body: (text, url) => ({ model, input: input(text), ...(url && { webhook: { url, events: ENDINGS } }) }),
    id: idOf,
    at: (id) => `/v1/generations/${id}`,
    open: ['queued', 'running'],
  };
}

/** Every dialect, with every kind of work that a paid upstream here can make. */
export const callers: readonly Caller[] = [
  kiara('image', { product: 'kiara-vogue' }),
  kiara('video', { product: 'kiara-dream-fast', duration: 5 }),
  {
    ...none,
    dialect: 'getimg',
    kind: 'image',
    path: '/getimg/v2/images/generations',
    body: (prompt) => ({ model: 'z-image-turbo', prompt }),
    id: idOf,
  },
  {
    ...none,
    dialect: 'getimg',
    kind: 'video',
    path: '/getimg/v2/videos/generations',
    body: (prompt) => ({ model: 'seedance-v1-pro', prompt, duration: 5, resolution: '480p' }),
    id: idOf,
    at: (id) => `/getimg/v2/videos/generations/${id}`,
    open: ['pending'],
  },
  skillsVideo('image', 'bytedance/seedream-5-lite', {}),
  skillsVideo('video', 'kling-ai/v3/video', { duration: 5 }),
  {
    dialect: 'skytells',
    kind: 'image',
    path: '/skytells/v1/predictions',
    keyed: false,
    hooks: true,
    body: (prompt, url) => ({
      model: 'truefusion',
      input: { prompt, width: 256, height: 256 },
      ...(url && { webhook: { url, events: ['completed', 'failed', 'canceled'] } }),
    }),
    id: idOf,
    at: (id) => `/skytells/v1/predictions/${id}`,
    open: ['pending', 'starting', 'started', 'processing'],
    failedBy: 502,
  },
  native('image', 'genlock/image', (prompt) => ({ prompt, size: '256x256' })),
  native('speech', 'genlock/speech', (text) => ({ text })),
  {
    ...none,
    dialect: 'llmtune',
    kind: 'text',
    path: '/llmtune/v1/chat/completions',
    body: (content) => ({
      model: 'meta-llama/Llama-3.3-70B-Instruct',
      messages: [{ role: 'user', content }],
      max_tokens: 20,
      stream: true,
    }),
  },
  {
    ...none,
    dialect: 'skytells',
    kind: 'text',
    path: '/skytells/v1/chat/completions',
    body: (content) => ({ model: 'deepbrain-router', messages: [{ role: 'user', content }], max_tokens: 20 }),
  },
];
