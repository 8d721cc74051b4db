import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './testing.ts';

let empty: string;
beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'genlock-cli-'));
});
afterAll(() => rm(empty, { recursive: true }));

describe('config', () => {
  it('is checked, each problem with its line', async () => {
    const file = join(empty, 'genlock.yaml');
    await writeFile(file, 'log:\n  level: debug\n');
    expect(await run(['config', 'check', file])).toMatchObject({ code: 0, stdout: `${file} is valid.\n` });
    await writeFile(file, 'log:\n  level: loud\nmodel: {}\n');
    expect(await run(['config', 'check'], { cwd: empty })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /genlock\.yaml:2:\d+ log\.level: .*\n.*genlock\.yaml:3:1 model: unknown key/,
      ),
    });
    expect(await run(['config', 'check', join(empty, 'none.yaml')])).toMatchObject({ code: 1 });
  });

  it('is named as in the other commands, too, and not twice', async () => {
    const file = join(empty, 'other.yaml');
    await writeFile(file, 'log: { level: loud }\n');
    const { stdout, stderr, code } = await run(['config', 'check', '--config', file]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${file}:1:15 log.level: `);
    expect(await run(['config', 'check', file, '--config', file])).toMatchObject({ code: 1 });
    expect(await run(['config', 'check', file, '--config', 'a.yaml'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: the file is named twice/),
    });
  });

  it('is checked for what is seen only when providers are made', async () => {
    const file = join(empty, 'made.yaml');
    await writeFile(
      file,
      `providers:
  one: { type: ai-sdk, package: "@nobody/nothing" }
  two: { type: comfyui, base_url: http://127.0.0.1:1, workflows: { a: { file: nowhere.json } } }
  three: { type: replicate, api_key: k, input: { x: "%nope%" } }
`,
    );
    const { code, stderr } = await run(['config', 'check', file]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /made\.yaml:2:8 providers\.one: package: @nobody\/nothing is not installed; run "npm/,
    );
    expect(stderr).toMatch(
      /made\.yaml:3:8 providers\.two: workflows\.a: nowhere\.json: cannot be read: ENOENT/,
    );
    expect(stderr).toMatch(/made\.yaml:4:10 providers\.three: input: nothing is called %nope%/);
  });

  it('has a schema', async () => {
    const schema = JSON.parse((await run(['config', 'schema'])).stdout);
    expect(schema).toMatchObject({ title: 'genlock.yaml', type: 'object' });
  });
});
