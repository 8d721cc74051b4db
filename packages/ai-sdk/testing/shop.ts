import { startTestGateway, type TestGateway } from '../../gateway/src/testing/gateway.ts';
import {
  createGenlock,
  type GenlockMetadata,
  type GenlockProvider,
  type GenlockSettings,
} from '../src/index.ts';

export interface TestShop {
  readonly gateway: TestGateway;
  /** A provider with an account of its own. */
  open(settings?: Partial<GenlockSettings>): Promise<OpenShop>;
  close(): Promise<void>;
}

export interface OpenShop {
  readonly genlock: GenlockProvider;
  readonly apiKey: string;
  /** `hold 0.01`, `capture 0.01` and so on, oldest first. */
  ledger(): Promise<readonly string[]>;
  /** The number of orders so far. */
  orders(): Promise<number>;
}

const LIMITS = { requests_per_minute: 100_000, reads_per_minute: 100_000, unfinished_jobs: 1000 };

/** An emulator with customers. */
export async function startTestShop(): Promise<TestShop> {
  // Otherwise the SDK would write warnings to the output of the tests.
  (globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false;
  const gateway = await startTestGateway();
  return {
    gateway,
    close: () => gateway.close(0),
    async open(settings = {}) {
      const { id, key } = await gateway.customer({ dialect: 'native', key: { limits: LIMITS } });
      const genlock = createGenlock({ baseURL: `${gateway.url}/v1`, apiKey: key.key, ...settings });
      const ledger = async () => {
        const { body } = await gateway.admin<{ data: { type: string; usd: string }[] }>(
          'GET',
          `/accounts/${id}/ledger`,
        );
        return body.data.map(({ type, usd }) => `${type} ${usd}`).slice(1);
      };
      const orders = async () => (await ledger()).filter((line) => line.startsWith('hold')).length;
      return { genlock, apiKey: key.key, ledger, orders };
    },
  };
}

/** Steers the sandbox by its header. */
export const steer = (steering: string) => ({ headers: { 'genlock-sandbox': steering } });

/** The metadata that this provider adds to a result. */
export function metadataIn(metadata: object | undefined): GenlockMetadata {
  if (metadata === undefined || !('genlock' in metadata)) throw new Error('no metadata');
  return metadata.genlock as GenlockMetadata;
}
