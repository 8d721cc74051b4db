import { expect } from 'vitest';
import type { TestGateway } from './gateway.ts';

/** The ledger of an account, oldest first: `hold 0.04`. */
export async function ledgerOf(gateway: TestGateway, accountId: string): Promise<readonly string[]> {
  const { body } = await gateway.admin<{ data: { type: string; usd: string }[] }>(
    'GET',
    `/accounts/${accountId}/ledger`,
  );
  return body.data.map(({ type, usd }) => `${type} ${usd}`);
}

/** The same without top-ups. */
export async function movesOf(gateway: TestGateway, accountId: string): Promise<readonly string[]> {
  return (await ledgerOf(gateway, accountId)).filter((line) => !line.startsWith('top_up '));
}

/** The same, after checking that nothing is held any more. */
export async function settledMovesOf(gateway: TestGateway, accountId: string): Promise<readonly string[]> {
  expect((await balanceOf(gateway, accountId)).held_usd).toBe('0');
  return movesOf(gateway, accountId);
}

export async function balanceOf(
  gateway: TestGateway,
  accountId: string,
): Promise<{ readonly available_usd: string; readonly held_usd: string }> {
  const { body } = await gateway.admin<{ balance: Awaited<ReturnType<typeof balanceOf>> }>(
    'GET',
    `/accounts/${accountId}`,
  );
  return body.balance;
}
