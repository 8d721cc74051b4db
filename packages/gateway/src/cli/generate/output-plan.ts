import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { Kind } from '@genlock/client';
import { CommandFailure } from '../failure.ts';

export interface OutputWishes {
  /** A file, a folder, or "-" for stdout; undefined: a name made from the prompt. */
  readonly out: string | undefined;
  readonly force: boolean;
  readonly prompt: string;
  readonly kind: Kind;
  /** The format, if the user named one. */
  readonly format: string | undefined;
  /** The formats that the model can make, the default first; empty if there is only one. */
  readonly formats: readonly string[];
  /** The number of files ordered. */
  readonly count: number;
}

/** Where the files go. Decided before anything is paid. */
export interface OutputPlan {
  /** The format to order, if the file name asks for one. */
  readonly format: string | undefined;
  /** A path for each file; undefined if they go to stdout. */
  paths(count: number): readonly string[] | undefined;
}

const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  png: ['.png'],
  jpeg: ['.jpg', '.jpeg'],
  webp: ['.webp'],
  mp4: ['.mp4'],
  mp3: ['.mp3'],
  wav: ['.wav'],
  txt: ['.txt', '.md'],
};
const ONLY: Readonly<Partial<Record<Kind, string>>> = {
  video: 'mp4',
  text: 'txt',
  image: 'png',
  speech: 'mp3',
};
const MAX_SLUG = 40;

/** @throws CommandFailure for a name that does not fit the kind of file, that exists already, or whose folder cannot be written */
export function planOutput(wishes: OutputWishes): OutputPlan {
  const { out, count } = wishes;
  if (out === '-') {
    if (count > 1) throw new CommandFailure('several files cannot go to stdout: name one with --out');
    return { format: undefined, paths: () => undefined };
  }
  const isFolder = out !== undefined && (/[/\\]$/.test(out) || isDirectory(out));
  const given = out === undefined || isFolder ? undefined : out;
  const format = given === undefined ? undefined : formatFor(given, wishes);
  const made = wishes.format ?? format ?? wishes.formats[0] ?? ONLY[wishes.kind] ?? 'bin';
  const extension = EXTENSIONS[made]?.[0] ?? `.${made}`;
  const base = given ?? join(isFolder ? (out ?? '') : '', slugOf(wishes.prompt) + extension);
  const path = extname(base) === '' ? base + extension : base;
  checkFolder(dirname(path));

  const paths = (files: number): readonly string[] => {
    if (given !== undefined) return numbered(path, files);
    // A name that the command made up must not collide with existing files.
    for (let copy = 1; ; copy += 1) {
      const names = numbered(copy === 1 ? path : suffixed(path, copy), files);
      if (wishes.force || !names.some(existsSync)) return names;
    }
  };
  const taken = paths(count).find(existsSync);
  if (taken !== undefined && !wishes.force)
    throw new CommandFailure(
      `${taken} already exists: replace it with --force, or name another file with --out`,
    );
  return { format: wishes.format === undefined ? format : undefined, paths };
}

/** The format that an extension asks for; undefined if it asks for none in particular. */
function formatFor(path: string, { kind, format, formats }: OutputWishes): string | undefined {
  const extension = extname(path).toLowerCase();
  const [asked] = Object.entries(EXTENSIONS).find(([, names]) => names.includes(extension)) ?? [];
  const possible = formats.length > 0 ? formats : [ONLY[kind] ?? asked ?? ''];
  if (asked === undefined) {
    if (kind === 'text' || extension === '') return undefined;
    throw new CommandFailure(
      `${path}: this model does not make ${extension} files; it makes ${possible.map((one) => EXTENSIONS[one]?.[0] ?? one).join(', ')}`,
    );
  }
  if (format !== undefined && format !== asked)
    throw new CommandFailure(`${path} asks for ${asked}, but --format says ${format}`);
  if (!possible.includes(asked))
    throw new CommandFailure(
      `${path} asks for ${asked}, but this model makes ${possible.map((one) => EXTENSIONS[one]?.[0] ?? one).join(', ')}`,
    );
  return formats.length > 0 ? asked : undefined;
}

function numbered(path: string, count: number): readonly string[] {
  return count === 1 ? [path] : Array.from({ length: count }, (_, index) => suffixed(path, index + 1));
}

function suffixed(path: string, number: number): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}-${number}${extension}`;
}

function slugOf(prompt: string): string {
  const words = prompt
    .replace(/\[\[[^\]]*\]\]/g, ' ')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, MAX_SLUG);
  return words.replace(/^-+|-+$/g, '') || 'generation';
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function checkFolder(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CommandFailure(
      gone ? `there is no folder ${folder}` : `the folder ${folder} cannot be written`,
    );
  }
}
