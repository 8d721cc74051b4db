import { access, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where the program itself is installed. */
const PROGRAM = fileURLToPath(new URL('.', import.meta.url));
/** What an `import` means, in the words of package.json. */
const CONDITIONS = ['node', 'import', 'module-sync', 'default'];

/**
 * Where a package's module is, as seen from a folder: beside the operator's files, which are not the program's, and above them, as
 * Node.js looks for packages; else beside the program. `import` itself would look only there.
 *
 * @returns a file URL; undefined where it is not installed
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

/** The first condition that holds counts (Node.js, "Conditional exports"). */
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
