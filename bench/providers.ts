import { Pool } from 'undici';
import { GenlockError } from '../packages/gateway/src/domain/error.ts';
import type { Provider, ProviderCall, TextEvent } from '../packages/gateway/src/providers/port.ts';

/** The smallest JPEG that a decoder accepts: one grey pixel. */
export const PIXEL = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////' +
    'wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z',
  'base64',
);

const TRAITS = { safeToResend: true, lookup: false, cancel: false };

/** A provider that is done as soon as it is called, so only our own time is measured. It replaces the sandbox. */
export function finishedAtOnce(bytes: Uint8Array): Provider {
  return {
    name: 'sandbox',
    capabilities: TRAITS,
    submit: async () => ({
      state: 'finished',
      outputs: [{ bytes, contentType: 'application/octet-stream' }],
    }),
  };
}

/** A provider that refuses as soon as it is called: the shortest way from a claim to the end, without a file. */
export function refusedAtOnce(): Provider {
  return {
    name: 'sandbox',
    capabilities: TRAITS,
    submit: () => Promise.reject(new GenlockError('content_rejected')),
  };
}

/** The relevant part of an answer of {@link startUpstream}. */
interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

/** Chat at an upstream on this machine, through undici as in a real provider. */
export function chatUpstream(port: number, connections: number): Provider {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections });
  return {
    name: 'sandbox',
    capabilities: TRAITS,
    submit: () => Promise.reject(new GenlockError('no_route')),
    async *stream({ request, model, signal }: ProviderCall): AsyncGenerator<TextEvent, void, undefined> {
      if (request.kind !== 'text') throw new GenlockError('no_route');
      const { messages, maxTokens, temperature } = request;
      const { statusCode, body } = await pool.request({
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages, max_tokens: maxTokens, temperature }),
        signal,
      });
      if (statusCode !== 200)
        throw new GenlockError('upstream_failed', undefined, { raw: String(statusCode) });
      const { choices, usage } = (await body.json()) as Completion;
      const counts = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
      yield { type: 'start', inputTokens: counts.inputTokens };
      yield {
        type: 'delta',
        text: choices[0]?.message.content ?? '',
        outputTokens: counts.outputTokens,
      };
      yield { type: 'end', finishReason: 'stop', ...counts };
    },
    close: () => pool.close(),
  };
}
