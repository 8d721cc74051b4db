import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPackage } from '../../../scripts/build-package.ts';
import { root, tsc } from '../../client/testing/built.ts';
import { startTestShop, type TestShop } from '../testing/shop.ts';

/* The package as it is published, in a project with it, the built client and the SDK. */

const PROGRAM = `
import { createGenlock, type GenlockErrorData, type GenlockProviderOptions } from '@genlock/ai-sdk';
import { generateImage, generateText } from 'ai';

const options: GenlockProviderOptions = { idempotencyKey: 'order-1' };
export const advice = (data: unknown): string => (data as GenlockErrorData).advice;

export async function main(baseURL: string, apiKey: string): Promise<string> {
  const genlock = createGenlock({ baseURL, apiKey });
  const { image } = await generateImage({
    model: genlock.image('genlock/image'),
    prompt: 'a mug',
    size: '256x256',
    providerOptions: { genlock: options },
  });
  const { text } = await generateText({ model: genlock('genlock/text'), prompt: 'The sea?', maxOutputTokens: 5 });
  return [image.mediaType, text.length > 0].join(' ');
}
`;

let shop: TestShop;
let project: string;
let dist: string;
beforeAll(async () => {
  shop = await startTestShop();
  project = await mkdtemp(join(tmpdir(), 'genlock-consumer-'));
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, '@genlock'), { recursive: true });
  dist = join(modules, '@genlock/ai-sdk');
  await buildPackage(fileURLToPath(new URL('..', import.meta.url)), dist);
  await buildPackage(
    fileURLToPath(new URL('../../client', import.meta.url)),
    join(modules, '@genlock/client'),
  );
  for (const name of ['ai', '@ai-sdk']) await symlink(join(root, 'node_modules', name), join(modules, name));
  await writeFile(join(project, 'package.json'), '{"name":"consumer","private":true,"type":"module"}');
});
afterAll(async () => {
  await shop.close();
  await rm(project, { recursive: true, force: true });
});

it('type-checks and runs', async () => {
  await writeFile(join(project, 'program.ts'), PROGRAM);
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  expect(await tsc(project)).toBe('');
  const { apiKey } = await shop.open();
  const run = `import { main } from './program.js'; console.log(await main(${JSON.stringify(`${shop.gateway.url}/v1`)}, ${JSON.stringify(apiKey)}))`;
  await writeFile(join(project, 'run.js'), run);
  const { stdout } = await promisify(execFile)(process.execPath, [join(project, 'run.js')], { cwd: project });
  expect(stdout).toBe('image/png true\n');
});

it('has nothing in it but modules and types, which need what the manifest names', async () => {
  const manifest = JSON.parse(await readFile(join(dist, 'package.json'), 'utf8'));
  expect(Object.keys(manifest.dependencies)).toEqual(['@ai-sdk/provider', '@genlock/client']);
  expect(manifest).not.toHaveProperty('devDependencies');
  const files = (await readdir(dist, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  for (const entry of files.filter(({ name }) => /\.(?:js|d\.ts)$/.test(name))) {
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
    expect(text, entry.name).not.toContain(root);
    for (const [, specifier = ''] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom ["']([^"']+)["']/gm))
      if (!specifier.startsWith('.')) expect(Object.keys(manifest.dependencies)).toContain(specifier);
  }
});
