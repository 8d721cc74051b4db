import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOrCreateSecret } from './secret-file.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'genlock-secret-'));
});
afterEach(() => rm(dir, { recursive: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('loadOrCreateSecret', () => {
  it('makes it once, for its owner only', async () => {
    const data = join(dir, 'deep', 'data');
    const first = await loadOrCreateSecret(data, 'secret');
    expect(first.created).toBe(true);
    expect(first.value).toMatch(/^[\w-]{43}$/);
    expect(await modeOf(join(data, 'secret'))).toBe(0o600);
    expect(await loadOrCreateSecret(data, 'secret')).toEqual({ value: first.value, created: false });
    expect(await readdir(data)).toEqual(['secret']);
    expect((await loadOrCreateSecret(data, 'admin-token')).value).not.toBe(first.value);
  });

  it('takes a file that the operator wrote, and closes it to others', async () => {
    await writeFile(join(dir, 'secret'), 'my own secret\n', { mode: 0o644 });
    expect(await loadOrCreateSecret(dir, 'secret')).toEqual({ value: 'my own secret', created: false });
    expect(await modeOf(join(dir, 'secret'))).toBe(0o600);
  });

  it('does not replace an empty one', async () => {
    await writeFile(join(dir, 'secret'), '\n');
    await expect(loadOrCreateSecret(dir, 'secret')).rejects.toThrow('is empty');
  });

  it.each(['', '.', '..', '../x', 'a/b', '.hidden', 'a\0'])('refuses the name %j', async (name) => {
    await expect(loadOrCreateSecret(dir, name)).rejects.toThrow(RangeError);
  });

  it('agrees with whoever makes it at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateSecret(dir, 'secret')));
    expect(new Set(made.map(({ value }) => value)).size).toBe(1);
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    expect(await readdir(dir)).toEqual(['secret']);
  });

  it('agrees across processes', async () => {
    const script = `import { loadOrCreateSecret } from ${JSON.stringify(new URL('./secret-file.ts', import.meta.url).href)};
      console.log(JSON.stringify(await loadOrCreateSecret(${JSON.stringify(dir)}, 'secret')));`;
    const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    const made = await Promise.all([start(), start(), start(), start()]);
    const secrets = made.map(({ stdout }) => JSON.parse(stdout) as { value: string; created: boolean });
    expect(new Set(secrets.map(({ value }) => value)).size).toBe(1);
    expect(secrets.filter(({ created }) => created)).toHaveLength(1);
  });
});
