import { callGateway, type GatewayFlags } from './gateway-client.ts';

interface Page<Entry> {
  readonly data: readonly Entry[];
  readonly next_cursor: string | null;
}

/** The first `limit` entries of a list of the admin API, read page by page. @param path the path of the list, without a query */
export async function readPages<Entry>(
  flags: GatewayFlags,
  path: string,
  filter: Readonly<Record<string, string>>,
  limit: number,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | null = null;
  do {
    const query: URLSearchParams = new URLSearchParams({ ...filter, ...(cursor !== null && { cursor }) });
    const page: Page<Entry> = await callGateway(flags, 'GET', `${path}?${query}`);
    entries.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null && entries.length < limit);
  return entries.slice(0, limit);
}
