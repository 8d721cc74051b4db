import { afterAll, beforeAll } from 'vitest';
import { startTestGateway, type TestGateway } from '../../gateway/src/testing/gateway.ts';
import { type Client, type ClientOptions, createClient } from '../src/index.ts';

/** A small order of each kind that the tests of the native client need. */
export const MUG = { model: 'genlock/image', input: { prompt: 'a red mug', size: '256x256' } } as const;
export const BOAT = {
  model: 'genlock/video',
  input: { prompt: 'a boat', resolution: '240p', seconds: 1 },
} as const;
export const SEA = {
  model: 'genlock/text',
  input: { prompt: 'Tell me of the sea.', max_tokens: 24 },
} as const;

/** Call options that steer the sandbox. */
export const steer = (steering: string) => ({ headers: { 'genlock-sandbox': steering } });

/** High enough that no test reaches them by chance. */
const LIMITS = { requests_per_minute: 10_000, reads_per_minute: 10_000, unfinished_jobs: 1000 };

/** An emulator that lives as long as the tests of a file, and clients of customers with funds. */
export function besideGateway() {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close(0));
  return {
    gateway: () => gateway,
    async customer(options: Partial<ClientOptions> & { credit_usd?: string } = {}): Promise<Client> {
      const { credit_usd = '100', ...rest } = options;
      const { key } = await gateway.customer({ dialect: 'native', credit_usd, key: { limits: LIMITS } });
      return createClient({ baseUrl: `${gateway.url}/v1`, apiKey: key.key, ...rest });
    },
  };
}
