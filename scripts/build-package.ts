import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = join(root, 'packages');

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/**
 * Turns a package of this workspace, whose exports are TypeScript, into a folder for `npm pack`: ES modules, their types, a manifest,
 * README and licence. Workspace packages among its devDependencies are bundled; dependencies are not.
 */
export async function buildPackage(folder: string, out: string): Promise<void> {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entries = Object.fromEntries(
    Object.entries(manifest.exports).map(([name, file]) => [entryOf(name), join(folder, file)]),
  );
  rmSync(out, { recursive: true, force: true });
  await bundle(manifest, entries, out);
  declare(manifest, Object.values(entries), out);
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(published(manifest, folder), null, 2)}\n`);
  copyFileSync(join(folder, 'README.md'), join(out, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
}

/** `.` becomes index, `./kiara` becomes kiara. */
const entryOf = (name: string): string => (name === '.' ? 'index' : name.replace('./', ''));

async function bundle(
  { dependencies, peerDependencies }: Manifest,
  input: Readonly<Record<string, string>>,
  dir: string,
): Promise<void> {
  const outside = Object.keys({ ...dependencies, ...peerDependencies });
  const bundler = await rolldown({
    input,
    platform: 'neutral',
    external: (id) => outside.some((name) => id === name || id.startsWith(`${name}/`)),
    onLog: (_level, log) => {
      throw new Error(log.message);
    },
  });
  await bundler.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name].js',
  });
  await bundler.close();
}

/** Writes the types of every file that an entry reaches to `types/`. They need nothing but the web's own types. */
function declare(manifest: Manifest, files: readonly string[], out: string): void {
  const inner = Object.keys(manifest.devDependencies ?? {}).filter((name) => name.startsWith('@genlock/'));
  const paths = Object.fromEntries(
    inner.map((name) => [name, [join(packages, basename(name), 'src/index.ts')]]),
  );
  const types = join(out, 'types');
  const work = mkdtempSync(join(tmpdir(), 'genlock-types-'));
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: packages,
    outDir: types,
    types: [],
    lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
    paths,
  };
  writeFileSync(
    join(work, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }),
  );
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', work], { cwd: root, stdio: 'inherit' });
  rmSync(work, { recursive: true });
  for (const file of globSync('**/*.d.ts', { cwd: types })) relink(join(types, file), types, inner);
}

/** Changes the imports of a declaration to files inside the package. */
function relink(file: string, types: string, inner: readonly string[]): void {
  const source = readFileSync(file, 'utf8').replaceAll(
    /((?:from|import\()\s*)'([^']+)'/g,
    (_all, keyword, specifier: string) => `${keyword}'${target(specifier)}'`,
  );
  writeFileSync(file, source);

  function target(specifier: string): string {
    if (specifier.startsWith('.')) return specifier.replace(/\.ts$/, '.js');
    if (!inner.includes(specifier)) return specifier;
    const path = relative(dirname(file), join(types, basename(specifier), 'src/index.js'));
    return path.startsWith('.') ? path : `./${path}`;
  }
}

function published({ devDependencies: _, scripts: __, private: ___, ...manifest }: Manifest, folder: string) {
  const exports = Object.fromEntries(
    Object.entries(manifest.exports).map(([name, file]) => [
      name,
      {
        types: `./types/${relative(packages, join(folder, file)).replace(/\.ts$/, '.d.ts')}`,
        default: `./${entryOf(name)}.js`,
      },
    ]),
  );
  return { ...manifest, exports };
}

if (import.meta.main) await buildPackage(process.cwd(), resolve('dist'));
