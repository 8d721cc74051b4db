import type { Registry as PromRegistry } from 'prom-client';
import { CATALOGUE } from './catalogue.ts';
import type { Metrics } from './metrics.ts';
import { Distribution, familyOf, type SeriesFamily, type Sum } from './series.ts';

export interface MetricsRegistry {
  readonly metrics: Metrics;
  /** The Prometheus text format: our metrics, followed by those of the process. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** How often the event loop is checked for stalls. The usual 10 ms would wake an idle process a hundred times a second. */
const EVENT_LOOP_LOOK_MS = 50;

/**
 * Every metric of the catalogue, in memory. The code that writes them out is loaded for the first reader, so that nobody else pays for it.
 */
export function createMetrics(): MetricsRegistry {
  const families = Object.entries(CATALOGUE).map(([name, spec]) => [name, familyOf(spec)] as const);
  let registry: Promise<PromRegistry> | undefined;
  return {
    // For every name the catalogue's entry decides the kind of its family, so the types match.
    metrics: Object.fromEntries(families) as unknown as Metrics,
    async render() {
      registry ??= open(families.map(([, family]) => family));
      const { contentType, metrics } = await registry.then((open) => ({
        contentType: open.contentType,
        metrics: open.metrics(),
      }));
      return { contentType, text: await metrics };
    },
  };
}

async function open(families: readonly SeriesFamily<Sum | Distribution>[]): Promise<PromRegistry> {
  const { Registry, collectDefaultMetrics } = await import('prom-client');
  const registry = new Registry();
  for (const family of families) registry.registerMetric(exposed(family));
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_LOOK_MS });
  return registry;
}

/** A family in the form of the library's own metrics. The library only uses their name and `get`. */
function exposed(family: SeriesFamily<Sum | Distribution>): Parameters<PromRegistry['registerMetric']>[0] {
  const { name, help, type } = family.spec;
  const metric = { name, help, type, get: async () => ({ name, help, type, values: samplesOf(family) }) };
  return metric as never;
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

function samplesOf(family: SeriesFamily<Sum | Distribution>): Sample[] {
  const { name: metricName, scale = 1 } = family.spec;
  return [...family.all()].flatMap(({ labels, instrument }) =>
    instrument instanceof Distribution
      ? distributionSamples(metricName, labels, instrument)
      : [{ metricName, labels, value: scale === 1 ? instrument.value : scaled(instrument.value, scale) }],
  );
}

/** Divides by the inverse instead of multiplying, which gives 0.1 dollars exactly. */
function scaled(value: number, scale: number): number {
  return value / Math.round(1 / scale);
}

function distributionSamples(
  name: string,
  labels: Readonly<Record<string, string>>,
  { bounds, counts, sum }: Distribution,
): Sample[] {
  let total = 0;
  const buckets = Array.from(counts, (count, index) => {
    total += count;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[index] ?? '+Inf' }, value: total };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: total },
  ];
}
