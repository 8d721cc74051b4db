import { describe, expect, it } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import { noMetrics } from './metrics.ts';
import { createMetrics } from './registry.ts';

const linesOf = async ({ render }: ReturnType<typeof createMetrics>, name: string): Promise<string[]> =>
  (await render()).text.split('\n').filter((line) => line.startsWith(name));

describe('the registry of metrics', () => {
  it('writes counters, gauges and histograms in the text format', async () => {
    const registry = createMetrics();
    const { metrics } = registry;
    metrics.refusals.of('kiara', 'not_found').add();
    metrics.refusals.of('kiara', 'not_found').add(2);
    metrics.queueAge.of().set(1.5);
    metrics.storeBatch.of().observe(1);
    metrics.storeBatch.of().observe(3);
    metrics.storeBatch.of().observe(10_000);
    expect((await registry.render()).contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await linesOf(registry, 'genlock_refusals_total')).toEqual([
      'genlock_refusals_total{dialect="kiara",code="not_found"} 3',
    ]);
    expect(await linesOf(registry, 'genlock_queue_oldest')).toEqual(['genlock_queue_oldest_due_seconds 1.5']);
    const batches = await linesOf(registry, 'genlock_store_write_batch_size');
    expect(batches.filter((line) => / [123]$|10004$/.test(line))).toEqual([
      'genlock_store_write_batch_size_bucket{le="1"} 1',
      'genlock_store_write_batch_size_bucket{le="2"} 1',
      ...['4', '8', '16', '32', '64', '128', '256', '512'].map(
        (le) => `genlock_store_write_batch_size_bucket{le="${le}"} 2`,
      ),
      'genlock_store_write_batch_size_bucket{le="+Inf"} 3',
      'genlock_store_write_batch_size_sum 10004',
      'genlock_store_write_batch_size_count 3',
    ]);
  });

  it('counts money in whole micro-dollars and tells dollars', async () => {
    const registry = createMetrics();
    const held = registry.metrics.money.of('kiara', 'held');
    for (let n = 0; n < 10; n++) held.add(100_001);
    expect(await linesOf(registry, 'genlock_money')).toEqual([
      'genlock_money_usd_total{dialect="kiara",movement="held"} 1.00001',
    ]);
  });

  it('keeps hostile label values inside their quotes', async () => {
    const registry = createMetrics();
    registry.metrics.refusals.of('a"\n} 5\\', 'x').add();
    expect(await linesOf(registry, 'genlock_refusals_total')).toEqual([
      'genlock_refusals_total{dialect="a\\"\\n} 5\\\\",code="x"} 1',
    ]);
  });

  it('has a ceiling of series: what comes on top counts as other', async () => {
    const registry = createMetrics();
    for (let n = 0; n < 6_000; n++) registry.metrics.refusals.of('kiara', `code_${n}`).add();
    const lines = await linesOf(registry, 'genlock_refusals_total');
    expect(lines).toHaveLength(5_001);
    expect(lines.at(-1)).toBe('genlock_refusals_total{dialect="other",code="other"} 1000');
  });

  it('forgets a gauge that is not known any more', async () => {
    const registry = createMetrics();
    registry.metrics.jobsWaiting.of().set(3);
    registry.metrics.jobsWaiting.clear();
    expect(await linesOf(registry, 'genlock_jobs_waiting')).toEqual([]);
  });

  it('tells facts about the process', async () => {
    const { text } = await createMetrics().render();
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  });

  it('names metrics as the format wants them, with help, each once', async () => {
    const specs = Object.values(CATALOGUE);
    expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
    const { text } = await createMetrics().render();
    for (const { name, type, help } of specs) {
      expect(name).toMatch(/^genlock_[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
    }
  });
});

it('has instruments that keep nothing, for whoever measures nothing', () => {
  noMetrics.refusals.of('kiara', 'not_found').add();
  noMetrics.storeBatch.of().observe(1);
  noMetrics.queueAge.of().set(1);
  noMetrics.queueAge.clear();
});
