import {
  generateSpeech,
  generateText,
  RetryError,
  experimental_startVideo as startVideo,
  streamText,
} from 'ai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type BadServer,
  type Behaviour,
  drop,
  dropAfterWork,
  refuse,
  startBadServer,
  truncate,
} from '../../client/testing/bad-server.ts';
import { createGenlock } from './index.ts';

/*
 * The SDK retries by itself, with new calls that cannot be recognised as the same. Whatever the server does, the work must be paid at most
 * once.
 */

let server: BadServer;
beforeAll(async () => {
  server = await startBadServer();
});
afterAll(() => server.close());
afterEach(() => server.next());

const always = (behaviour: Behaviour) => Array.from({ length: 40 }, () => behaviour);
/** The SDK waits for this time in place of its 2 s. */
const SOON = { 'retry-after-ms': '1' };
const open = () => createGenlock({ baseURL: `${server.url}/v1`, apiKey: 'k', attempts: 2 });

const CALLS = {
  generateSpeech: () => generateSpeech({ model: open().speech('m'), text: 'x' }),
  generateText: () => generateText({ model: open()('m'), prompt: 'x' }),
  startVideo: () => startVideo({ model: open().video('m'), prompt: 'x', maxRetries: 1 }),
  streamText: async () => {
    const errors: unknown[] = [];
    const onError = ({ error }: { error: unknown }) => void errors.push(error);
    await streamText({ model: open()('m'), prompt: 'x', onError }).consumeStream();
    throw errors[0];
  },
} as const;
const calls = Object.entries(CALLS);

const BAD: readonly (readonly [string, Behaviour])[] = [
  ['drops after the work', dropAfterWork],
  ['breaks off in the middle of its answer', truncate],
  ['drops, whatever it did', drop],
  ['fails without a word', refuse(500, '<html>oops</html>', SOON)],
  ['does not know', refuse(502, { code: 'outcome_unknown', title: 't', status: 502 })],
];

async function endOf(call: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return RetryError.isInstance(error) ? error.lastError : error;
  }
}

describe.each(calls)('%s', (name, call) => {
  it('is bought at most once by all retries of the SDK', async () => {
    for (const [words, behaviour] of BAD) {
      server.next(...always(behaviour));
      const error = await endOf(call);
      // A video is started with a key of the SDK, which is the same in all its calls.
      const isRetryable = name === 'startVideo';
      expect(error, words).toMatchObject({ isRetryable, data: { code: 'outcome_unknown' } });
      expect(new Set(server.arrivals.map(({ key }) => key)).size, words).toBe(1);
      expect(server.paid(), words).toBeLessThanOrEqual(1);
    }
  });

  it('to a server that is busy is made again, by the client and by the SDK', async () => {
    server.next(...always(refuse(429, { code: 'rate_limited', title: 't', status: 429 }, SOON)));
    expect(await endOf(call)).toMatchObject({ isRetryable: true, data: { code: 'rate_limited' } });
    expect([server.arrivals.length, server.paid()]).toEqual([name === 'startVideo' ? 4 : 6, 0]);
  });

  it('to a server that refuses is made once', async () => {
    server.next(...always(refuse(402, { code: 'insufficient_credits', title: 't', status: 402 })));
    expect(await endOf(call)).toMatchObject({ isRetryable: false, data: { advice: 'top_up' } });
    expect(server.arrivals).toHaveLength(1);
  });
});
