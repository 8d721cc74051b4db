import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../packages/gateway/src/config/load.ts';
import { dialectModules } from '../packages/gateway/src/dialects/index.ts';
import { providerTypes } from '../packages/gateway/src/providers/index.ts';
import { configDefaults } from '../packages/gateway/src/server/config-source.ts';

const page = await readFile(fileURLToPath(new URL('./providers.md', import.meta.url)), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(({ 1: yaml = '' }) => yaml);
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.split('\n', 1)[0], text }));

/** A value for every variable in the blocks. */
const env = Object.fromEntries(
  [...page.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, 'x'.repeat(20)]),
);

it.each(blocks)('a block is taken by the loader: %s', (yaml) => {
  const config = loadConfig(yaml, 'providers.md', configDefaults(dialectModules, false), env);
  expect(Object.keys(config.providers).length).toBeGreaterThan(1);
});

it.each([...page.matchAll(/file: (\S+)/g)].map(([, file = '']) => file))('a file is there: %s', (file) =>
  access(fileURLToPath(new URL(`../${file}`, import.meta.url))),
);

it('every type has a section, in the order of the alphabet', () => {
  expect(sections.map(({ title }) => title)).toEqual(providerTypes.map(({ type }) => type).toSorted());
});

describe.each(sections)('$title', ({ title, text }) => {
  it('is configured by four lines', () => {
    const block = /^```yaml\nproviders:\n((?: .*\n)*)/m.exec(text)?.[1] ?? '';
    const lines = block.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.length).toBeLessThanOrEqual(4);
    expect(lines[1]).toBe(`    type: ${title}`);
  });
});
