import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../testing/built.ts';

const source = fileURLToPath(new URL('.', import.meta.url));
let built: Awaited<ReturnType<typeof buildClient>>;
beforeAll(async () => {
  built = await buildClient();
});
afterAll(() => built.remove());

/** The code that a program with a single import contains. */
async function bundle(statement: string): Promise<string> {
  const entry = '\0entry';
  const bundler = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? statement : null),
      },
    ],
  });
  const { output } = await bundler.generate({ format: 'esm', minify: true });
  await bundler.close();
  return output[0].code;
}

const PARSERS = [
  ['Kiara', 'kiara'],
  ['Getimg', 'getimg'],
  ['Skytells', 'skytells'],
  ['Llmtune', 'llmtune'],
  ['SkillsVideo', 'skills-video'],
  ['Native', 'native'],
] as const;

describe.each([
  ['of the source', (name: string) => join(source, name === 'index' ? 'index.ts' : `entries/${name}.ts`)],
  ['of what is published', (name: string) => join(built.dist, `${name}.js`)],
])('a bundle %s', (_what, file) => {
  it.each(PARSERS)('with parse%sError alone is below 4 kB gzipped', async (name, dialect) => {
    const code = await bundle(`export { parse${name}Error } from ${JSON.stringify(file(dialect))};`);
    expect(gzipSync(code).byteLength).toBeLessThan(4096);
  });

  it('with everything asks for nothing but the web platform', async () => {
    const code = await bundle(`export * from ${JSON.stringify(file('index'))};`);
    expect(code).not.toMatch(/\bimport\b|require\(|\bprocess\b|\bBuffer\b/);
  });
});
