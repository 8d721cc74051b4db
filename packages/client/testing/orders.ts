import { IMAGE as GETIMG } from '../../gateway/src/dialects/getimg/testing.ts';
import { B as KIARA } from '../../gateway/src/dialects/kiara/testing.ts';
import { question } from '../../gateway/src/dialects/llmtune/testing.ts';
import { IMAGE as NATIVE } from '../../gateway/src/dialects/native/testing.ts';
import { IMG as SKYTELLS } from '../../gateway/src/dialects/skytells/testing.ts';
import type { TestGateway } from '../../gateway/src/testing/gateway.ts';
import type { DialectName } from '../src/index.ts';

interface Order {
  readonly path: string;
  readonly body: object;
}

/** A valid order for each dialect, below the root of a gateway. */
export const ORDERS: { readonly [D in DialectName]: Order } = {
  kiara: { path: '/kiara/v1/generations', body: KIARA },
  getimg: { path: '/getimg/v2/images/generations', body: GETIMG },
  skytells: { path: '/skytells/v1/predict', body: SKYTELLS },
  llmtune: { path: '/llmtune/v1/chat/completions', body: { ...question, max_tokens: 8 } },
  'skills-video': {
    path: '/skills-video/api/v1/generation/google/nano-banana-pro',
    body: { prompt: 'a red mug' },
  },
  native: { path: '/v1/generations', body: NATIVE },
};

/** The headers of a call with a key. */
export function headersOf(key: string | undefined, steering?: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(steering !== undefined && { 'genlock-sandbox': steering }),
  };
}

/** The number of an account's jobs, which shows whether an order was sent twice. */
export async function jobsOf(gateway: TestGateway, accountId: string, dialect: DialectName): Promise<number> {
  const filter = { accountId, dialect, mode: 'live', offset: 0, limit: 9 } as const;
  const { total } = await gateway.core.store.generationsByNumber(filter);
  return total;
}
