import OpenAI, { APIError } from 'openai';
import { createFetch, type DialectName, GenerationError } from '../src/index.ts';

/** Makes one logical call and says how it ended. Patience is in milliseconds. */
export type Contender = (origin: string, patienceMs: number) => Promise<string>;

const INIT = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"prompt":"a red mug"}',
};

/** This client, without its waits. */
export function genlock(dialect: DialectName, path: string): Contender {
  return async (origin, deadlineMs) => {
    const send = createFetch({ dialect, deadlineMs, sleep: async () => {} });
    try {
      const response = await send(origin + path, INIT);
      return response.ok ? 'done' : `error ${response.status}`;
    } catch (thrown) {
      return GenerationError.isInstance(thrown) && thrown.code === 'outcome_unknown' ? 'unknown' : 'error';
    }
  };
}

/** The loop that everybody writes: three tries, repeated after 429, 5xx and any exception. */
export const plainLoop: Contender = async (origin, patienceMs) => {
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await fetch(`${origin}/v1/generations`, {
        ...INIT,
        signal: AbortSignal.timeout(patienceMs),
      });
      if (response.ok) {
        await response.json();
        return 'done';
      }
      if (tries === 3 || (response.status !== 429 && response.status < 500))
        return `error ${response.status}`;
    } catch {
      if (tries === 3) return 'error';
    }
  }
};

/** The `openai` package unchanged, except that its time-out of ten minutes is shortened. */
export const openai: Contender = async (origin, timeout) => {
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${origin}/v1`, timeout });
  try {
    await client.post('/generations', { body: JSON.parse(INIT.body) });
    return 'done';
  } catch (thrown) {
    return thrown instanceof APIError && thrown.status !== undefined ? `error ${thrown.status}` : 'error';
  }
};

/** The same with this client as its `fetch`, and without its own retries. */
export const openaiOverGenlock: Contender = async (origin, deadlineMs) => {
  const send = createFetch({ dialect: 'native', deadlineMs, sleep: async () => {} });
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${origin}/v1`, fetch: send, maxRetries: 0 });
  try {
    await client.post('/generations', { body: JSON.parse(INIT.body) });
    return 'done';
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.cause : undefined;
    return GenerationError.isInstance(cause) && cause.code === 'outcome_unknown' ? 'unknown' : 'error';
  }
};
