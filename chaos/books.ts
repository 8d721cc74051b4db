import { admin, type Customer, type Shop } from './customers.ts';

interface Transfer {
  readonly type: 'top_up' | 'hold' | 'capture' | 'release' | 'refund' | 'adjustment';
  readonly usd: string;
  readonly generation_id: string | null;
}

interface Page {
  readonly data: readonly Transfer[];
  readonly next_cursor: string | null;
}

/** The errors in the books of an account, according to its own ledger. */
export async function auditAccount(shop: Shop, { accountId }: Customer): Promise<readonly string[]> {
  const transfers: Transfer[] = [];
  for (let query = ''; ; ) {
    const page = await admin<Page>(shop, 'GET', `/accounts/${accountId}/ledger${query}`);
    transfers.push(...page.data);
    if (page.next_cursor === null) break;
    query = `?cursor=${encodeURIComponent(page.next_cursor)}`;
  }
  const { balance } = await admin<{ balance: { available_usd: string; held_usd: string } }>(
    shop,
    'GET',
    `/accounts/${accountId}`,
  );
  return [...balanceFaults(accountId, transfers, balance), ...holdFaults(transfers)];
}

function balanceFaults(
  account: string,
  transfers: readonly Transfer[],
  { available_usd, held_usd }: { readonly available_usd: string; readonly held_usd: string },
): readonly string[] {
  const sum = (type: Transfer['type']): number =>
    transfers.filter((one) => one.type === type).reduce((total, { usd }) => total + micros(usd), 0);
  const held = sum('hold') - sum('capture') - sum('release');
  const available = sum('top_up') + sum('refund') - sum('capture') - held;
  return [
    ...(available === micros(available_usd)
      ? []
      : [`${account}: available ${available_usd}, its ledger says ${available}`]),
    ...(held === micros(held_usd) ? [] : [`${account}: held ${held_usd}, its ledger says ${held}`]),
    ...(available < 0 ? [`${account}: below zero`] : []),
  ];
}

/** Each hold must be followed by a capture (and a release of the rest) or by a release, together of the same amount. */
function holdFaults(transfers: readonly Transfer[]): readonly string[] {
  const byJob = Map.groupBy(
    transfers.filter(({ generation_id }) => generation_id !== null),
    ({ generation_id }) => generation_id,
  );
  return [...byJob].flatMap(([job, own]) => {
    const types = own.map(({ type }) => type).join(' ');
    const amount = (type: Transfer['type']): number =>
      own.filter((one) => one.type === type).reduce((total, { usd }) => total + micros(usd), 0);
    const whole = amount('hold') === amount('capture') + amount('release');
    const once = /^hold (capture( release)?|release)$/.test(types);
    return whole && once ? [] : [`${job}: ${types}`];
  });
}

export function micros(usd: string): number {
  const [whole = '0', fraction = ''] = usd.split('.');
  return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0'));
}
