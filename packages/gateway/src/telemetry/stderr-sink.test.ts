import { execFile } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createStderrSink } from './stderr-sink.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genlock-sink-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('writes every line in order', async () => {
  const file = join(folder, 'log');
  const sink = createStderrSink(openSync(file, 'w'));
  for (let n = 0; n < 1000; n++) sink.write(`line ${n}\n`);
  await expect.poll(async () => (await readFile(file, 'utf8')).split('\n').length).toBe(1001);
  expect(await readFile(file, 'utf8')).toMatch(/^line 0\nline 1\n[\s\S]*line 999\n$/);
});

it('goes on when nothing can be written', async () => {
  const sink = createStderrSink(openSync('/dev/full', 'w'));
  for (let n = 0; n < 50_000; n++) sink.write(`a line that has nowhere to go, number ${n}\n`);
  // Nothing reports a lost line; by then it has been tried.
  await new Promise((resolve) => setTimeout(resolve, 50));
});

it('has written what was said last when the process ends', async () => {
  const program = `
    import { createStderrSink } from ${JSON.stringify(new URL('./stderr-sink.ts', import.meta.url).href)};
    const sink = createStderrSink();
    for (let n = 0; n < 100; n++) sink.write('line ' + n + '\\n');
    process.exit();`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  expect(stderr).toMatch(/^line 0\nline 1\n[\s\S]*line 99\n$/);
});
