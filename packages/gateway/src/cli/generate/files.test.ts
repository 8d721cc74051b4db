import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probe } from '../../assets/probe.ts';
import { besideEmulator, SMALL } from './testing.ts';

const { done, file, folder, own, refused, start } = besideEmulator();

describe('files', () => {
  it('are numbered, in the format that their name asks for', async () => {
    await done('mugs', ...SMALL, '--count', '2', '--out', 'mug.jpg');
    expect(await readdir(folder())).toEqual(['mug-1.jpg', 'mug-2.jpg']);
    expect(await probe(await file('mug-2.jpg'))).toMatchObject({ contentType: 'image/jpeg' });
  });

  it('are never written over without --force, and nothing is ordered', async () => {
    await writeFile(join(folder(), 'mug-2.png'), 'mine');
    const { orders } = await own();
    const args = ['mugs', ...SMALL, '--count', '2', '--out', 'mug.png'];
    expect(await refused(...args)).toBe(
      'genlock: mug-2.png already exists: replace it with --force, or name another file with --out\n',
    );
    expect((await own()).orders).toBe(orders);
    expect(String(await file('mug-2.png'))).toBe('mine');
    await done(...args, '--force');
    expect(await probe(await file('mug-2.png'))).toMatchObject({ contentType: 'image/png' });
  });

  it('whose names are made up give way', async () => {
    await writeFile(join(folder(), 'a-mug.png'), 'mine');
    expect((await done('a mug', ...SMALL)).stdout).toContain('a-mug-2.png');
    expect((await done('a mug', ...SMALL, '--out', '.')).stdout).toContain('a-mug-3.png');
    expect(String(await file('a-mug.png'))).toBe('mine');
  });

  it('that cannot be are refused before anything is ordered', async () => {
    const { orders } = await own();
    expect(await refused('x', '--out', 'mug.mp4')).toMatch(
      /asks for mp4, but this model makes \.png, \.jpg, \.webp/,
    );
    expect(await refused('x', '--out', 'mug.png', '--format', 'webp')).toMatch(
      /asks for png, but --format says webp/,
    );
    expect(await refused('x', '--out', 'mug.gif')).toMatch(/does not make \.gif files; .*\.png, \.jpg/);
    expect(await refused('x', '--out', 'no/mug.png')).toMatch(/there is no folder no/);
    expect(await refused('x', '--out', '-', '--count', '2')).toMatch(/several files cannot go to stdout/);
    expect((await own()).orders).toBe(orders);
  });

  it('that came to stand there meanwhile are kept, and the order is fetched again for nothing', async () => {
    const running = start('a mug [[sandbox delay=2s]]', ...SMALL, '--out', 'mug.png');
    await running.told(/queued after/);
    await writeFile(join(folder(), 'mug.png'), 'mine');
    const { code, stderr } = await running.outcome;
    expect({ code, mine: String(await file('mug.png')) }).toEqual({ code: 1, mine: 'mine' });
    expect(stderr).toMatch(/mug\.png cannot be written \(EEXIST\): gen_\w+ succeeded, charged \$0\.01/);
    const [, key = ''] = /--idempotency-key (\S+)/.exec(stderr) ?? [];
    const before = await own();
    await done(
      'a mug [[sandbox delay=2s]]',
      ...SMALL,
      '--out',
      'mug.png',
      '--force',
      '--idempotency-key',
      key,
    );
    expect(await own()).toEqual(before);
  });

  it('go to stdout', async () => {
    const { stdout, stderr } = await done('a mug', ...SMALL, '--out', '-');
    expect(stdout).toContain('IHDR');
    expect(stderr).toContain('charged $0.01');
  });
});
