import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const page = new URL('./guarantees.md', import.meta.url);

it('guarantees.md names tests that are there', async () => {
  const text = await readFile(page, 'utf8');
  const named = [...text.matchAll(/\["([^"]+)"\]\(([^)]+)\)/g)];
  expect(named.length).toBeGreaterThan(25);
  for (const [, title = '', path = ''] of named) {
    const source = await readFile(fileURLToPath(new URL(path, page)), 'utf8');
    expect(source, `${path} has no test "${title}"`).toContain(`it('${title}'`);
  }
});

it('every row of guarantees.md names a test', async () => {
  const rows = (await readFile(page, 'utf8')).split('\n').filter((line) => /^\| (?!promise|-)/.test(line));
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) expect(row).toMatch(/\["[^"]+"\]\([^)]+\) \|$/);
});
