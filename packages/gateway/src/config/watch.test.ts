import { statSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from './config.ts';
import { ConfigError } from './issues.ts';
import { defaults } from './testing.ts';
import { type ConfigWatcher, type WatchOptions, watchConfig } from './watch.ts';

type Event = { readonly config: Config } | { readonly error: unknown };

/** A watcher whose events are awaited one by one. */
class Watched {
  readonly watcher: ConfigWatcher;
  readonly #events: Event[] = [];
  #wake: () => void = () => {};

  constructor(file: string, options: Partial<WatchOptions> = {}) {
    const tell = (event: Event) => {
      this.#events.push(event);
      this.#wake();
    };
    this.watcher = watchConfig(
      file,
      { defaults, env: {}, quietMs: 30, ...options },
      (config) => tell({ config }),
      (error) => tell({ error }),
    );
  }

  async next(): Promise<Event> {
    while (this.#events.length === 0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#events.shift() ?? expect.fail('no event');
  }

  async level(): Promise<string | undefined> {
    const event = await this.next();
    return 'config' in event ? event.config.log.level : String(event.error);
  }

  get waiting(): number {
    return this.#events.length;
  }
}

let folder: string;
let file: string;
const open: Watched[] = [];

async function watched(options: Partial<WatchOptions> = {}, at = file): Promise<Watched> {
  const one = new Watched(at, options);
  open.push(one);
  await one.watcher.ready;
  return one;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genlock-config-'));
  file = join(folder, 'genlock.yaml');
  await writeFile(file, 'log: {level: info}');
});

afterEach(async () => {
  for (const one of open.splice(0)) one.watcher.close();
  await rm(folder, { recursive: true });
});

describe('watchConfig', () => {
  it('tells of a change', async () => {
    const one = await watched();
    await writeFile(file, 'log: {level: debug}');
    expect(await one.level()).toBe('debug');
  });

  it('does not take what is being written just now, although it could be read', async () => {
    let now = 0;
    await writeFile(file, '');
    const one = await watched({ text: 'log: {level: info}', now: () => now || statSync(file).mtimeMs + 10 });
    await writeFile(file, 'log: {level: debug}');
    now = Date.now() + 60_000;
    expect(await one.level()).toBe('debug');
  });

  it('survives editors that write a new file and rename it, again and again', async () => {
    const one = await watched();
    for (const level of ['warn', 'error', 'debug']) {
      await writeFile(`${file}.new`, `log: {level: ${level}}`);
      await rename(`${file}.new`, file);
      expect(await one.level()).toBe(level);
    }
  });

  it('sees a symbolic link beside the file swapped, as Kubernetes does it', async () => {
    for (const [version, level] of [
      ['v1', 'info'],
      ['v2', 'warn'],
    ] as const) {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'genlock.yaml'), `log: {level: ${level}}`);
    }
    await unlink(file);
    await symlink('v1', join(folder, '..data'));
    await symlink('..data/genlock.yaml', file);
    const one = await watched();
    await symlink('v2', join(folder, '..new'));
    await rename(join(folder, '..new'), join(folder, '..data'));
    expect(await one.level()).toBe('warn');
  });

  it('reports a broken file with its lines, and the file that mends it', async () => {
    const one = await watched();
    await writeFile(file, 'log:\n  level: loud');
    const event = await one.next();
    expect(event).toEqual({ error: expect.any(ConfigError) });
    expect('error' in event && String(event.error)).toContain(`${file}:2:10 log.level`);
    await writeFile(file, 'log: {level: info}');
    expect(await one.level()).toBe('info');
  });

  it('reports a file that is gone, and goes on when it is back', async () => {
    const one = await watched();
    await unlink(file);
    expect(await one.level()).toContain('ENOENT');
    await writeFile(file, 'log: {level: warn}');
    expect(await one.level()).toBe('warn');
  });

  it('tells once that a file is gone, whatever is written beside it, such as the line that tells it', async () => {
    const beside = join(folder, 'beside.yaml');
    await writeFile(beside, 'log: {level: info}');
    const one = await watched();
    const other = await watched({}, beside);
    await unlink(file);
    expect(await one.level()).toContain('ENOENT');
    for (const level of ['warn', 'error', 'debug']) {
      await writeFile(beside, `log: {level: ${level}}`);
      expect(await other.level()).toBe(level); // by then the first one has looked, too
    }
    await writeFile(file, 'log: {level: warn}');
    expect(await one.level()).toBe('warn');
    // A reload that was asked for reports the error.
    await unlink(file);
    expect(await one.level()).toContain('ENOENT');
    await one.watcher.reload();
    expect(await one.level()).toContain('ENOENT');
  });

  it('tries again by itself to read what cannot be read for a moment, and tells nothing of that', async () => {
    const reads = ['EIO', 'EMFILE', undefined, 'EIO', undefined];
    const readText = async (path: string): Promise<string> => {
      const code = reads.shift();
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      return readFile(path, 'utf8');
    };
    const one = await watched({ text: 'log: {level: error}', readText });
    expect(await one.level()).toBe('info');
    await writeFile(file, 'log: {level: debug}');
    expect(await one.level()).toBe('debug');
    expect(reads).toEqual([]);
  });

  it('tells what cannot be read for longer, and takes it once it can be read', async () => {
    const broken = Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    let tries = 0;
    let works = false;
    const readText = (path: string): Promise<string> => {
      tries += 1;
      return works ? readFile(path, 'utf8') : Promise.reject(broken);
    };
    const one = await watched({ text: 'log: {level: error}', readText });
    expect(await one.next()).toEqual({ error: broken });
    expect(tries).toBe(5);
    works = true;
    await writeFile(file, 'log: {level: debug}');
    expect(await one.level()).toBe('debug');
  });

  it('waits for a file that is not there yet', async () => {
    await unlink(file);
    const one = await watched();
    expect(await one.level()).toContain('ENOENT');
    await writeFile(file, 'log: {level: warn}');
    expect(await one.level()).toBe('warn');
  });

  it('says nothing of a file that need not be there, until there is one', async () => {
    await unlink(file);
    const one = await watched({ text: null });
    await writeFile(file, 'log: {level: warn}');
    expect(await one.level()).toBe('warn');
    await unlink(file);
    expect(await one.level()).toContain('ENOENT');
  });

  it('takes many writes as one, and the same text as none', async () => {
    const one = await watched({ quietMs: 200 });
    // In one turn of the event loop, so that no machine is too slow for the quiet time.
    for (const level of ['warn', 'error', 'silent', 'debug']) writeFileSync(file, `log: {level: ${level}}`);
    await writeFile(join(folder, 'neighbour'), 'x');
    expect(await one.level()).toBe('debug');
    await writeFile(file, 'log: {level: debug}');
    await writeFile(`${file}.new`, 'log: {level: warn}');
    await rename(`${file}.new`, file);
    expect(await one.level()).toBe('warn');
    expect(one.waiting).toBe(0);
  });

  it('notices a change made between reading and watching', async () => {
    const one = await watched({ text: 'log: {level: error}' });
    expect(await one.level()).toBe('info');
  });

  it('reads again when asked to, changed or not', async () => {
    const one = await watched();
    await one.watcher.reload();
    expect(await one.level()).toBe('info');
  });

  it('is silent once closed', async () => {
    const one = await watched();
    one.watcher.close();
    await writeFile(file, 'log: {level: debug}');
    await one.watcher.reload();
    expect(one.waiting).toBe(0);
  });
});
