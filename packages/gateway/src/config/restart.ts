import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.ts';

/**
 * Settings that are only read at start: the interval at which leases are renewed follows from their length, and metrics and traces have
 * connections of their own. All other settings are read anew by each request and job.
 */
const FIXED: Readonly<Record<string, (config: Config) => unknown>> = {
  'worker.lease': (config) => config.worker.leaseMs,
  'metrics.listen': (config) => config.metrics.listen,
  telemetry: (config) => config.telemetry,
};

/** The names, as in the file, of the settings that differ and cannot change while the program runs. */
export function diffNeedsRestart(old: Config, next: Config): string[] {
  return Object.entries(FIXED)
    .filter(([, read]) => !isDeepStrictEqual(read(old), read(next)))
    .map(([name]) => name);
}

/** The next configuration, but with the present values of settings that cannot change while the program runs. */
export function withFixed(old: Config, next: Config): Config {
  const { worker, metrics, telemetry } = old;
  return {
    ...next,
    worker: { ...next.worker, leaseMs: worker.leaseMs },
    metrics: { ...next.metrics, listen: metrics.listen },
    telemetry,
  };
}
