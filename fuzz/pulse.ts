import { setTimeout as sleep } from 'node:timers/promises';
import type { Shop } from '../chaos/customers.ts';

export interface Pulse {
  /** The longest that the server took to say that it lives. */
  readonly slowestMs: number;
  /** Resident memory, in megabytes; 0 where it does not tell. */
  readonly peakMb: number;
}

const EVERY_MS = 500;

/** Feels whether the server is alive, and how large it gets, until told to stop. */
export async function feelPulse({ url, adminToken }: Shop, until: AbortSignal): Promise<Pulse> {
  const headers = { authorization: `Bearer ${adminToken}` };
  let slowestMs = 0;
  let peakMb = 0;
  while (!until.aborted) {
    const startedAt = performance.now();
    await (await fetch(`${url}/healthz`)).text();
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    const metrics = await (await fetch(`${url}/metrics`, { headers })).text();
    const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1] ?? '0';
    peakMb = Math.max(peakMb, Number(bytes) / 2 ** 20);
    await sleep(EVERY_MS, undefined, { signal: until }).catch(() => {});
  }
  return { slowestMs, peakMb };
}
