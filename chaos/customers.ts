import { callers } from './callers.ts';

export interface Shop {
  readonly url: string;
  readonly adminToken: string;
}

export interface Customer {
  readonly accountId: string;
  /** API keys by dialect. */
  readonly keys: Readonly<Record<string, string>>;
}

/** An admin call that must succeed. It is repeated while the gateway is being killed. */
export async function admin<T>(
  { url, adminToken }: Shop,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await fetch(`${url}/admin/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${adminToken}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return JSON.parse(text) as T;
    } catch (error) {
      if (tries === 20 || !(error instanceof TypeError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

const NO_LIMITS = {
  requests_per_minute: 1_000_000,
  reads_per_minute: 1_000_000,
  video_requests_per_minute: 1_000_000,
  concurrent: 100_000,
  unfinished_jobs: 100_000,
};

/** An account with a key for every dialect and no limit but its credit. */
export async function openCustomer(shop: Shop, mode: 'live' | 'test', usd: string): Promise<Customer> {
  const { id } = await admin<{ id: string }>(shop, 'POST', '/accounts', {
    name: 'chaos',
    ...(mode === 'live' && { credit_usd: usd }),
    limits: NO_LIMITS,
  });
  const keys: Record<string, string> = {};
  for (const dialect of new Set(callers.map((one) => one.dialect))) {
    const made = await admin<{ key: string }>(shop, 'POST', `/accounts/${id}/keys`, {
      dialect,
      mode,
      name: 'chaos',
    });
    keys[dialect] = made.key;
  }
  return { accountId: id, keys };
}
