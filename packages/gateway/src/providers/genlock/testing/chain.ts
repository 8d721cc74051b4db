import { type CuttingProxy, startCuttingProxy } from '../../../../../client/testing/cutting-proxy.ts';
import { movesOf } from '../../../testing/books.ts';
import { startTestGateway, type TestGateway } from '../../../testing/gateway.ts';

/** The mount of each API at a gateway, as part of `base_url`. */
const MOUNTS: Readonly<Record<string, string>> = {
  native: '/v1',
  'skills-video': '/skills-video/api',
  skytells: '/skytells/v1',
};

export interface ChainOptions {
  readonly dialect?: string;
  /** Further settings of the front's provider `up`, besides address and key. */
  readonly up?: string;
  /** The front's routes by model: `kiara/kiara-image-pro: [up/genlock/image]`; undefined: unchanged. */
  readonly models: Readonly<Record<string, string | undefined>>;
  readonly retries?: string;
  readonly behind?: TestGateway;
  readonly credit_usd?: string;
}

/** A gateway that has its customers' work done by another gateway, whose customer it is. */
export interface Chain {
  /** The gateway that the callers call. */
  readonly front: TestGateway;
  /** The upstream: an emulator with an account for the front. */
  readonly behind: TestGateway;
  readonly account: string;
  /** The front's API key there. */
  readonly key: string;
  /** The connection between the two. */
  readonly wire: CuttingProxy;
  /** The transfers of the front's account without its top-up: `hold 0.04`, `capture 0.04`. */
  moves(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function startChain(options: ChainOptions): Promise<Chain> {
  const { dialect = 'native', up = '', models, credit_usd = '100' } = options;
  const behind = options.behind ?? (await startTestGateway());
  const wire = await startCuttingProxy(behind.url);
  const limits = {
    requests_per_minute: 100_000,
    reads_per_minute: 100_000,
    concurrent: 1000,
    unfinished_jobs: 1000,
  };
  const account = await behind.customer({
    dialect,
    credit_usd,
    account: { limits },
    key: { limits: dialect === 'skytells' ? {} : limits },
  });
  const url = wire.url + (MOUNTS[dialect] ?? `/${dialect}`);
  const routes = Object.entries(models)
    .filter(([, route]) => route !== undefined)
    .map(([model, route]) => `  ${model}: { routes: ${route} }`);
  const front = await startTestGateway({
    config: `
providers:
  up: { type: genlock, dialect: ${dialect}, base_url: ${url}, api_key: ${account.key.key}, poll_interval: 20ms${up} }
retries: ${options.retries ?? '{ base_delay: 1ms, max_delay: 1s }'}
models:
${routes.join('\n')}
`,
  });
  const chain: Chain = {
    ...{ front, behind, wire, account: account.id, key: account.key.key },
    moves: () => movesOf(behind, account.id),
    async close() {
      await front.close(0);
      await wire.close();
      if (options.behind === undefined) await behind.close(0);
    },
  };
  return chain;
}

/** Matches just before the first byte of a success: the order was accepted, and the front has not heard of it. */
export const ANY_ANSWER = /(?=HTTP\/1\.1 20\d )/;
/** The same if other answers may come before. */
export const ANSWER_TO_ORDER = /(?=HTTP\/1\.1 20[12] )/;
