import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

describe.each([
  ['guarantees.md', 20],
  ['reported-elsewhere.md', 50],
])('%s', (name, leastRows) => {
  const page = new URL(`./${name}`, import.meta.url);

  it('names tests that are there', async () => {
    const text = await readFile(page, 'utf8');
    const named = [...text.matchAll(/\["([^"]+)"\]\(([^)]+)\)/g)];
    expect(named.length).toBeGreaterThan(leastRows + 5);
    for (const [, title = '', path = ''] of named) {
      const source = await readFile(fileURLToPath(new URL(path, page)), 'utf8');
      expect(source, `${path} has no test "${title}"`).toContain(`it('${title}'`);
    }
  });

  it('names a test in every row', async () => {
    const rows = (await readFile(page, 'utf8'))
      .split('\n')
      .filter((line) => /^\| (?!promise|fault elsewhere|-)/.test(line));
    expect(rows.length).toBeGreaterThan(leastRows);
    for (const row of rows) expect(row).toMatch(/\["[^"]+"\]\([^)]+\) \|$/);
  });
});
