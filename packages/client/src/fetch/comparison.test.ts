import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_PAGE, clientPage } from '../../../../scripts/print-client-table.ts';
import { compare, type Line } from '../../testing/comparison.ts';

let lines: readonly Line[];
beforeAll(async () => {
  lines = await compare();
});

describe('the comparison with other clients', () => {
  it('finds that this one never pays twice, and buys what it says it has', () => {
    for (const { scenario, ours } of lines)
      for (const { paid, end } of ours) {
        expect(paid, scenario).toBeLessThanOrEqual(1);
        if (end === 'done') expect(paid, scenario).toBe(1);
        else expect(end, scenario).toBe('unknown');
      }
  });

  it('finds that the others do, so that the server can tell', () => {
    const twice = lines.filter(({ others }) => others.some(({ paid }) => paid > 1));
    expect(twice.length).toBeGreaterThan(5);
  });

  it('is what docs/client.md shows', async () => {
    const page = await readFile(CLIENT_PAGE, 'utf8');
    expect(page, 'stale: run "npx node scripts/print-client-table.ts"').toBe(clientPage(page, lines));
  });
});
