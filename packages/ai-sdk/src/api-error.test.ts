import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { GenerationError } from '@genlock/client';
import { type CanonicalCode, canonicalCodes, canonicalErrors, problemStatus } from '@genlock/contracts';
import { APICallError, generateSpeech, generateText, RetryError, streamText } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestShop, steer, type TestShop } from '../testing/shop.ts';
import { createGenlock, type GenlockErrorData } from './index.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

const PATIENT = { timeout: 20_000 };
const HELPS = ['backoff', 'after_delay'];

/** The error of a failed SDK call. */
async function failureOf(call: PromiseLike<unknown>): Promise<APICallError> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => (RetryError.isInstance(error) ? error.lastError : error),
  );
  if (!APICallError.isInstance(thrown)) throw new Error(`no APICallError: ${thrown}`);
  return thrown;
}
const dataOf = (error: APICallError) => error.data as GenlockErrorData;

async function speak(steering: string, settings: object = {}, options: object = {}) {
  const { genlock } = await shop.open({ attempts: 1, ...settings });
  const model = genlock.speech('genlock/speech');
  return generateSpeech({ model, text: 'Hello.', maxRetries: 0, ...steer(steering), ...options });
}

describe('an order that is refused', () => {
  it.each(canonicalCodes)(
    'as %s tells code, status and advice, and may be made again only where that helps',
    async (code: CanonicalCode) => {
      const error = await failureOf(speak(`error=${code} at=admit`));
      const { retry } = canonicalErrors[code];
      expect([error.statusCode, error.isRetryable]).toEqual([
        problemStatus[code],
        HELPS.includes(retry) && code !== 'outcome_unknown',
      ]);
      expect(error.cause).toSatisfy(GenerationError.isInstance);
      expect(dataOf(error)).toMatchObject({ code, retry, mayHaveBeenCharged: code === 'outcome_unknown' });
      expect(error.responseHeaders?.['x-request-id']).toMatch(/^req_/);
      expect('retry-after-ms' in (error.responseHeaders ?? {})).toBe(
        [429, 503].includes(problemStatus[code]),
      );
      expect(JSON.parse(error.responseBody ?? '')).toMatchObject({ code });
    },
  );

  it('says the member at fault', async () => {
    const { genlock } = await shop.open();
    const model = genlock.speech('genlock/speech');
    const error = await failureOf(generateSpeech({ model, text: 'x', outputFormat: 'ogg' }));
    expect(dataOf(error)).toMatchObject({
      code: 'invalid_parameter',
      advice: 'fix_input',
      param: 'input.format',
    });
    expect(error.requestBodyValues).toMatchObject({ input: { format: 'ogg' } });
  });

  it('for its key', async () => {
    const { genlock } = await shop.open({ apiKey: 'gl_live_nobody' });
    const error = await failureOf(generateText({ model: genlock('genlock/text'), prompt: 'x' }));
    expect([error.isRetryable, dataOf(error).advice]).toEqual([false, 'fix_key']);
  });
});

describe('a job that failed', () => {
  it.each([
    ['content_rejected', false],
    ['upstream_failed', true],
    ['outcome_unknown', false],
    ['media_unreadable', false],
  ] as const)('with %s: may it be ordered again? %s', async (code, again) => {
    const error = await failureOf(speak(`error=${code}`));
    expect([dataOf(error).code, error.isRetryable]).toEqual([code, again]);
    expect(dataOf(error).generationId).toMatch(/^gen_/);
  });

  it('under a key of the caller would be told again, so it is not', async () => {
    const providerOptions = { genlock: { idempotencyKey: 'order-3' } };
    const error = await failureOf(speak('error=upstream_failed', {}, { providerOptions }));
    expect([error.isRetryable, dataOf(error).idempotencyKey]).toEqual([false, 'order-3']);
  });

  it('is ordered again by the SDK where that helps, and paid when it succeeds', async () => {
    const { apiKey, ledger } = await shop.open();
    let failing = 1;
    const steered = createGenlock({
      baseURL: `${shop.gateway.url}/v1`,
      apiKey,
      fetch: (input, init) => {
        const headers = new Headers(init?.headers);
        if (init?.method === 'POST' && failing-- > 0) headers.set('genlock-sandbox', 'error=upstream_failed');
        return fetch(input, { ...init, headers });
      },
    });
    await generateSpeech({ model: steered.speech('genlock/speech'), text: 'Hello.', maxRetries: 1 });
    expect((await ledger()).map((line) => line.split(' ')[0])).toEqual([
      'hold',
      'release',
      'hold',
      'capture',
    ]);
  });
});

describe('a job that was ordered is not ordered again', () => {
  it('when it does not end in time', async () => {
    const { genlock, orders } = await shop.open();
    const model = genlock.speech('genlock/speech');
    const options = { providerOptions: { genlock: { timeoutMs: 100 } }, ...steer('delay=600s') };
    const error = await failureOf(generateSpeech({ model, text: 'Hello.', ...options }));
    expect([error.isRetryable, dataOf(error).code, await orders()]).toEqual([false, 'outcome_unknown', 1]);
    await genlock.client().generations.cancel(dataOf(error).generationId ?? '');
  });

  it('when it cannot be asked for, or its file not be fetched', async () => {
    for (const path of [/\/generations\/gen_/, /\/content$/]) {
      const { orders, apiKey } = await shop.open();
      const broken = createGenlock({
        baseURL: `${shop.gateway.url}/v1`,
        apiKey,
        attempts: 1,
        fetch: async (input, init) => {
          const url = String(input instanceof Request ? input.url : input);
          if (!path.test(url)) return fetch(input, init);
          return Response.json({ code: 'storage_unavailable', title: 't' }, { status: 503 });
        },
      });
      const options = { providerOptions: { genlock: { timeoutMs: 300 } } };
      const error = await failureOf(
        generateSpeech({ model: broken.speech('genlock/speech'), text: 'Hello.', ...options }),
      );
      expect([error.isRetryable, await orders()], String(path)).toEqual([false, 1]);
      expect(dataOf(error).generationId).toMatch(/^gen_/);
    }
  });

  it('when somebody else canceled it', async () => {
    const { genlock, orders } = await shop.open();
    const model = genlock.speech('genlock/speech');
    const failing = failureOf(generateSpeech({ model, text: 'Hello.', ...steer('delay=600s') }));
    const client = genlock.client();
    await expect.poll(async () => (await client.generations.list().page()).data.length, PATIENT).toBe(1);
    const [made] = (await client.generations.list().page()).data;
    await client.generations.cancel(made?.id ?? '');
    const error = await failing;
    expect([error.isRetryable, dataOf(error).code, await orders()]).toEqual([false, 'invalid_state', 1]);
  });
});

describe('an abort', () => {
  const LONG = steer('delay=600s');

  it('is thrown as it is, and cancels what was ordered', async () => {
    const { genlock, ledger } = await shop.open();
    const leave = new AbortController();
    const model = genlock.speech('genlock/speech');
    const failing = generateSpeech({ model, text: 'Hello.', abortSignal: leave.signal, ...LONG });
    failing.catch(() => undefined);
    await expect.poll(async () => (await ledger()).length, PATIENT).toBe(1);
    leave.abort();
    await expect(failing).rejects.toMatchObject({ name: 'AbortError' });
    await expect
      .poll(ledger, PATIENT)
      .toEqual([expect.stringMatching(/^hold/), expect.stringMatching(/^release/)]);
  });

  it('while the order is on its way cancels it behind', async () => {
    const { apiKey, ledger } = await shop.open();
    const leave = new AbortController();
    const late = createGenlock({
      baseURL: `${shop.gateway.url}/v1`,
      apiKey,
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        leave.abort();
        return response;
      },
    });
    const model = late.speech('genlock/speech');
    const failing = generateSpeech({ model, text: 'Hello.', abortSignal: leave.signal, ...LONG });
    await expect(failing).rejects.toMatchObject({ name: 'AbortError' });
    await expect
      .poll(ledger, PATIENT)
      .toEqual([expect.stringMatching(/^hold/), expect.stringMatching(/^release/)]);
  });

  it('lets the work go on where that is wanted', async () => {
    const { genlock, ledger } = await shop.open({ cancelOnAbort: false });
    const leave = new AbortController();
    const model = genlock.speech('genlock/speech');
    const failing = generateSpeech({
      model,
      text: 'Hello.',
      abortSignal: leave.signal,
      ...steer('delay=2s'),
    });
    failing.catch(() => undefined);
    await expect.poll(async () => (await ledger()).length, PATIENT).toBe(1);
    leave.abort();
    await expect(failing).rejects.toMatchObject({ name: 'AbortError' });
    await expect
      .poll(ledger, PATIENT)
      .toEqual([expect.stringMatching(/^hold/), expect.stringMatching(/^capture/)]);
  });
});

describe('a stream', () => {
  it('that is refused may be tried again by the rules of the SDK', async () => {
    const { genlock } = await shop.open({ attempts: 1 });
    const errors: unknown[] = [];
    const result = streamText({
      model: genlock('genlock/text'),
      prompt: 'x',
      maxRetries: 0,
      ...steer('error=upstream_unavailable at=admit'),
      onError: ({ error }) => void errors.push(error),
    });
    await result.consumeStream();
    expect(errors).toMatchObject([
      { isRetryable: true, statusCode: 503, data: { code: 'upstream_unavailable' } },
    ]);
  });
});

describe('without', () => {
  it('a key or an address nothing is called, and it is said what is missing', async () => {
    const none = createGenlock({ baseURL: 'http://127.0.0.1:9/v1' });
    await expect(generateText({ model: none('genlock/text'), prompt: 'x' })).rejects.toThrow(
      /GENLOCK_API_KEY/,
    );
    const nowhere = createGenlock({ apiKey: 'k' });
    await expect(generateText({ model: nowhere('genlock/text'), prompt: 'x' })).rejects.toThrow(
      /GENLOCK_URL/,
    );
  });

  it('anybody there: nothing can have been paid, so it may be tried again', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((closed) => free.close(closed));
    const gone = createGenlock({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: 'k', attempts: 1 });
    const error = await failureOf(generateText({ model: gone('genlock/text'), prompt: 'x', maxRetries: 0 }));
    expect([error.isRetryable, dataOf(error).code]).toEqual([true, 'upstream_unavailable']);
  });
});
