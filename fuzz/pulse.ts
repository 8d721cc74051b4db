import { setTimeout as sleep } from 'node:timers/promises';
import type { Shop } from '../chaos/customers.ts';

export interface Pulse {
  /** The longest time that a health check took. */
  readonly slowestMs: number;
  /** Resident memory in megabytes; 0 if the server does not report it. */
  readonly peakMb: number;
}

const EVERY_MS = 500;

/** Checks regularly, until told to stop, whether the server is alive and how much memory it uses. */
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
