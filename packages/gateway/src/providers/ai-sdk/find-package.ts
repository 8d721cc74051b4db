import { access, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder that the program itself is installed in. */
const PROGRAM = fileURLToPath(new URL('.', import.meta.url));
/** The conditions of `import` in package.json. */
const CONDITIONS = ['node', 'import', 'module-sync', 'default'];

/**
 * Finds a package's module for a folder: in the operator's `node_modules` there or in a parent folder, as Node.js looks for packages; else
 * in the program's own. `import` alone would only look in the latter.
 *
 * @returns a file URL; undefined if the package is not installed
 */
export async function findPackage(name: string, folder: string): Promise<string | undefined> {
  if (name.startsWith('.') || isAbsolute(name)) return existing(resolve(folder, name));
  for (const root of [...above(folder), ...above(PROGRAM)]) {
    const home = join(root, 'node_modules', name);
    const manifest = await readFile(join(home, 'package.json'), 'utf8').catch(() => undefined);
    if (manifest !== undefined) return existing(join(home, entryOf(JSON.parse(manifest))));
  }
  return undefined;
}

async function existing(file: string): Promise<string | undefined> {
  return access(file).then(
    () => pathToFileURL(file).href,
    () => undefined,
  );
}

function above(folder: string): readonly string[] {
  const folders = [resolve(folder)];
  for (let next = dirname(folders[0] ?? ''); next !== folders.at(-1); next = dirname(next))
    folders.push(next);
  return folders;
}

interface Manifest {
  readonly exports?: unknown;
  readonly module?: string;
  readonly main?: string;
}

function entryOf({ exports, main }: Manifest): string {
  const root = isObject(exports) && '.' in exports ? exports['.'] : exports;
  return pick(root) ?? main ?? 'index.js';
}

/** The first condition that applies counts (Node.js, "Conditional exports"). */
function pick(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map(pick).find((one) => one !== undefined);
  if (!isObject(target)) return undefined;
  for (const [condition, value] of Object.entries(target)) {
    const found = CONDITIONS.includes(condition) ? pick(value) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
