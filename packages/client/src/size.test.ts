import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('.', import.meta.url));

/** What a program that imports one thing carries. */
async function bundle(statement: string): Promise<string> {
  const entry = '\0entry';
  const bundler = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? statement.replace('./', root) : null),
      },
    ],
  });
  const { output } = await bundler.generate({ format: 'esm', minify: true });
  await bundler.close();
  return output[0].code;
}

describe('a bundle', () => {
  it.each([
    ['Kiara', 'kiara'],
    ['Getimg', 'getimg'],
    ['Skytells', 'skytells'],
    ['Llmtune', 'llmtune'],
    ['SkillsVideo', 'skills-video'],
    ['Native', 'native'],
  ])('of parse%sError is below 4 kB gzipped', async (name, file) => {
    const code = await bundle(`export { parse${name}Error } from './entries/${file}.ts';`);
    expect(gzipSync(code).byteLength).toBeLessThan(4096);
    expect(code).not.toMatch(/node:/);
  });

  it('of everything asks for nothing but the web platform', async () => {
    expect(await bundle("export * from './index.ts';")).not.toMatch(
      /\bimport\b|require\(|\bprocess\b|\bBuffer\b/,
    );
  });
});
