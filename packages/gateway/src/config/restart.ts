import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.ts';

/**
 * What is taken once, at start: leases that workers hold were taken for the old length, the HTTP server is built with its
 * trusted proxies, and metrics and traces have connections of their own. Everything else is read anew by each request and job.
 */
const FIXED: Readonly<Record<string, (config: Config) => unknown>> = {
  'worker.lease': (config) => config.worker.leaseMs,
  trusted_proxies: (config) => config.trustedProxies,
  'metrics.listen': (config) => config.metrics.listen,
  telemetry: (config) => config.telemetry,
};

/** The settings that differ and cannot change while the program runs, by their names in the file. */
export function diffNeedsRestart(old: Config, next: Config): string[] {
  return Object.entries(FIXED)
    .filter(([, read]) => !isDeepStrictEqual(read(old), read(next)))
    .map(([name]) => name);
}
