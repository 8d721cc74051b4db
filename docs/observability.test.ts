import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CATALOGUE, type Spec } from '../packages/gateway/src/telemetry/catalogue.ts';
import { METRICS_PAGE, withMetricsTable } from '../scripts/print-metrics.ts';

const page = await readFile(METRICS_PAGE, 'utf8');
const specs = Object.values<Spec>(CATALOGUE);

describe('observability.md', () => {
  it('has the table of all metrics', () => {
    expect(page, 'stale: run "npx node scripts/print-metrics.ts"').toBe(withMetricsTable(page));
    for (const { name } of specs) expect(page).toContain(`| \`${name}\` |`);
  });

  it('names no metric that is not there, and no label that the metric has not', () => {
    const used = [...page.matchAll(/\b(genlock_[a-z_]+)(?:\{([^}]*)\})?/g)];
    for (const [, name = '', selector = ''] of used) {
      const spec = specs.find((one) => one.name === name.replace(/_(bucket|sum|count)$/, ''));
      expect(spec, name).toBeDefined();
      for (const [, label = ''] of selector.matchAll(/(\w+)=~?"/g)) expect(spec?.labels).toContain(label);
    }
  });

  it('has alerts that Prometheus could read, each with a reason', () => {
    const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => parse(text));
    const rules = blocks.flatMap(({ groups }) => groups ?? []).flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(5);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, expr, annotations } of rules) {
      expect(alert).toMatch(/^Genlock[A-Z]/);
      expect(expr).toContain('genlock_');
      expect(annotations.summary).toMatch(/\.$/);
    }
  });
});
