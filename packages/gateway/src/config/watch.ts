import { type FSWatcher, watch } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Config, ConfigDefaults } from './config.ts';
import { loadConfig } from './load.ts';
import type { Environment } from './yaml-source.ts';

export interface WatchOptions {
  readonly defaults: ConfigDefaults;
  readonly env: Environment;
  /**
   * The text that is in force, so that a change since it was read is noticed at once. Absent: the file as it is now. null: there is no
   * file, and that need not be reported.
   */
  readonly text?: string | null;
  /** How long the file must be unchanged before it is read; default 100 ms. */
  readonly quietMs?: number;
  /** The clock that file times are compared with. */
  readonly now?: () => number;
  readonly readText?: (file: string) => Promise<string>;
}

export interface ConfigWatcher {
  /** Resolves when the watching has begun. */
  readonly ready: Promise<void>;
  /** Reads the file now, changed or not (SIGHUP). Reports like a change does; never rejects. */
  reload(): Promise<void>;
  close(): void;
}

/** How often an unreadable file is tried again before that is reported. The wait doubles each time: about 3 s in all. */
const RETRIES = 4;

/**
 * Calls `onChange` with the new configuration whenever the text of the file has changed. If the file has errors, or is gone for longer than
 * a moment, `onError` is called (with a ConfigError, an error of the file system, or what `onChange` threw) and the old configuration stays
 * in force.
 *
 * It watches the folder and not the file: editors write a new file and rename it over the old one, and Kubernetes swaps a symbolic link
 * beside it; a watch on the file would stay with the old one.
 */
export function watchConfig(
  file: string,
  options: WatchOptions,
  onChange: (config: Config) => void | Promise<void>,
  onError: (error: unknown) => void,
): ConfigWatcher {
  const watchers: FSWatcher[] = [];
  const quietMs = options.quietMs ?? 100;
  let seen = options.text ?? undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  // One read at a time, so that an older text never arrives after a newer one.
  let reading = Promise.resolve();
  const queue = (job: () => Promise<void>) => {
    reading = reading.then(job).catch((error) => {
      if (!closed) onError(error);
    });
    return reading;
  };

  const isWrittenNow = async (): Promise<boolean> => {
    const { mtimeMs } = await stat(file);
    const age = (options.now ?? Date.now)() - mtimeMs;
    return age >= 0 && age < quietMs;
  };

  const readText = options.readText ?? ((path) => readFile(path, 'utf8'));

  /** Why the file could not be read last time. Reported only once, because a log file in the same folder triggers another read. */
  let unreadable = options.text === null ? 'ENOENT' : undefined;
  let failures = 0;
  const read = async (force: boolean): Promise<string | undefined> => {
    try {
      const text = await readText(file);
      // The file may be only partly written, although no further change was noticed.
      if (!force && text !== seen && (await isWrittenNow())) {
        later(null);
        return undefined;
      }
      unreadable = undefined;
      failures = 0;
      return text;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === unreadable && !force) return undefined;
      if (!force && failures < RETRIES) {
        failures += 1;
        // An editor may be replacing it. For other causes, the event that ends them need not be one in this folder.
        later(null, quietMs * 2 ** failures);
        return undefined;
      }
      unreadable = code;
      throw error;
    }
  };

  const reload = (force: boolean) =>
    queue(async () => {
      if (closed) return;
      const text = await read(force);
      if (text === undefined || closed || (text === seen && !force)) return;
      seen = text;
      await onChange(loadConfig(text, file, options.defaults, options.env));
    });

  const later = (name: string | null, ms = quietMs) => {
    // Only changes of the file itself postpone the read: a neighbour that is written all the time must not postpone it for ever.
    if (timer !== undefined && name !== null && name !== basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      void reload(false);
    }, ms);
  };

  const watchFolder = (folder: string) => {
    const watcher = watch(folder, { persistent: false }, (_, name) => later(name));
    watcher.on('error', onError);
    watchers.push(watcher);
  };

  const start = queue(async () => {
    const real = await realpath(file).catch(() => file);
    if (closed) return;
    for (const folder of new Set([file, real].map((path) => dirname(resolve(path))))) watchFolder(folder);
    if (options.text === undefined) seen ??= await readFile(file, 'utf8');
  });

  return {
    ready: options.text === undefined ? start : reload(false),
    reload: () => reload(true),
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
