import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.ts';

/**
 * What is taken once, at start: leases are renewed as often as the old length asks for, and metrics and traces have connections of
 * their own. Everything else is read anew by each request and job.
 */
const FIXED: Readonly<Record<string, (config: Config) => unknown>> = {
  'worker.lease': (config) => config.worker.leaseMs,
  'metrics.listen': (config) => config.metrics.listen,
  telemetry: (config) => config.telemetry,
};

/** The settings that differ and cannot change while the program runs, by their names in the file. */
export function diffNeedsRestart(old: Config, next: Config): string[] {
  return Object.entries(FIXED)
    .filter(([, read]) => !isDeepStrictEqual(read(old), read(next)))
    .map(([name]) => name);
}

/** The next configuration, with what cannot change while the program runs as it is. */
export function withFixed(old: Config, next: Config): Config {
  const { worker, metrics, telemetry } = old;
  return {
    ...next,
    worker: { ...next.worker, leaseMs: worker.leaseMs },
    metrics: { ...next.metrics, listen: metrics.listen },
    telemetry,
  };
}
