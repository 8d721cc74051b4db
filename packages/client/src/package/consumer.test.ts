import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient, npm, root, tsc } from '../../testing/built.ts';
import { type ConsumerService, EXPECTED, startConsumerService } from '../../testing/consumer-service.ts';

const run = promisify(execFile);
const sources = fileURLToPath(new URL('../../testing/consumer/', import.meta.url));

let built: Awaited<ReturnType<typeof buildClient>>;
let tarball: { readonly filename: string; readonly files: readonly { readonly path: string }[] };
let project: string;
let service: ConsumerService;

beforeAll(async () => {
  service = await startConsumerService();
  built = await buildClient();
  [tarball] = JSON.parse(await npm(built.folder, 'pack', '--json', './dist'));
  project = join(built.folder, 'consumer');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{"name":"consumer","private":true,"type":"module"}');
  await npm(project, 'install', '--offline', '--no-audit', '--no-fund', join('..', tarball.filename));
  for (const name of ['consumer.ts', 'run.ts']) await cp(join(sources, name), join(project, name));
});
afterAll(async () => {
  service.close();
  await built.remove();
});

describe('the tarball', () => {
  it('has modules, their types, and what goes with them, and nothing else', () => {
    const odd = tarball.files.map(({ path }) => path).filter((path) => !/\.(?:js|d\.ts)$/.test(path));
    expect(odd.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(tarball.files.map(({ path }) => path)).toEqual(expect.arrayContaining(['index.js', 'kiara.js']));
  });

  it('names no file and no package outside of itself', async () => {
    const installed = join(project, 'node_modules/@genlock/client');
    const paths = await readdir(installed, { recursive: true, withFileTypes: true });
    for (const entry of paths.filter((one) => one.isFile() && /\.(?:js|d\.ts)$/.test(one.name))) {
      const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
      expect(text, entry.name).not.toMatch(/sourceMappingURL|file:\/\/|\/\/\/ <reference|node:/);
      expect(text, entry.name).not.toContain(root);
      for (const [, specifier] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom ["']([^"']+)["']/gm))
        expect(specifier, entry.name).toMatch(/^\.{1,2}\/[\w./-]+\.js$/);
    }
  });

  it('brings no dependency along', async () => {
    expect(await readdir(join(project, 'node_modules'))).toEqual(['.package-lock.json', '@genlock']);
    const manifest = JSON.parse(await readFile(join(built.dist, 'package.json'), 'utf8'));
    for (const member of ['dependencies', 'devDependencies', 'scripts', 'private'])
      expect(manifest).not.toHaveProperty(member);
  });
});

/** As a bundler sees a program for the web, and as Node.js does. */
const COMPILERS: Readonly<Record<string, object>> = {
  bundler: {
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2022', 'dom', 'dom.iterable'],
    types: [],
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
  },
  nodenext: {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    lib: ['es2023'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  },
};

async function compile(how: string, files: readonly string[], options: object = {}): Promise<string> {
  const folder = join(project, `as-${how}`);
  await mkdir(folder, { recursive: true });
  const compilerOptions = {
    ...COMPILERS[how],
    target: 'es2022',
    strict: true,
    skipLibCheck: false,
    rewriteRelativeImportExtensions: true,
    verbatimModuleSyntax: true,
    rootDir: project,
    outDir: join(project, 'out'),
    ...options,
  };
  const tsconfig = { compilerOptions, files: files.map((name) => join(project, name)) };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  return tsc(folder);
}

describe('a program that has installed it', () => {
  it('compiles for a bundler, with the types of the web alone', async () => {
    expect(await compile('bundler', ['consumer.ts'], { noEmit: true })).toBe('');
  });

  it('compiles for Node.js, and runs on every one that is here', async () => {
    expect(await compile('nodenext', ['consumer.ts', 'run.ts'])).toBe('');
    for (const node of await nodes()) {
      const { stdout } = await run(node, [join(project, 'out/run.js'), service.origin]);
      expect(JSON.parse(stdout), node).toEqual(EXPECTED);
    }
  });

  it('may be CommonJS', async () => {
    const program = "console.log(typeof require('@genlock/client').parseError)";
    expect((await run(process.execPath, ['-e', program], { cwd: project })).stdout).toBe('function\n');
  });

  it('compiles the examples of docs/client.md', async () => {
    const page = await readFile(join(root, 'docs/client.md'), 'utf8');
    const examples = [...page.matchAll(/```ts example\n(.*?)```/gs)].map(([, code = '']) => code);
    const files = examples.map((_code, index) => `example-${index}.ts`);
    await Promise.all(files.map((name, index) => writeFile(join(project, name), examples[index] ?? '')));
    expect(files.length).toBeGreaterThan(5);
    expect(await compile('nodenext', files, { noEmit: true })).toBe('');
  });

  it.each([
    ['advice', "    case 'wait':\n      return 'wait';\n"],
    ['code', "    case 'outcome_unknown':\n"],
    ['dialect', "    case 'native':\n      return 'Genlock';\n"],
  ])('does not compile while its switch over `%s` lacks a case', async (_what, text) => {
    const source = await readFile(join(sources, 'consumer.ts'), 'utf8');
    expect(source).toContain(text);
    await writeFile(join(project, 'lacking.ts'), source.replace(text, ''));
    const said = await compile('bundler', ['lacking.ts'], { noEmit: true });
    expect(said).toMatch(/lacking\.ts\(\d+,\d+\): error TS2366/);
    expect(said.trim().split('\n')).toHaveLength(1);
  });
});

/** The pinned Node.js, and those on this machine that the package supports, by version. */
async function nodes(): Promise<readonly string[]> {
  const found = new Map([[process.version, process.execPath]]);
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const node = join(folder, 'node');
    const version = await run(node, ['--version']).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    if (version !== undefined && Number(/^v(\d+)/.exec(version)?.[1]) >= 20) found.set(version, node);
  }
  return [...found.values()];
}
