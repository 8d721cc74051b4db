import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BIN, launch, run } from './testing.ts';

const PINNED = `node-linux-${process.arch}`;
const NODE = fileURLToPath(new URL(`../../../../node_modules/${PINNED}/bin/node`, import.meta.url));

/** A project as npm lays it out, with a program that prints how it was started. */
let project: string;
let bin: string;
/** The tools of the shell, without any Node. */
let tools: string;

beforeEach(async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'genlock launcher ')));
  project = join(folder, "it's a project");
  bin = join(project, 'packages/gateway/bin/genlock');
  await mkdir(join(project, 'packages/gateway/src/cli'), { recursive: true });
  await mkdir(join(project, 'packages/gateway/bin'));
  await mkdir(join(project, 'node_modules/.bin'), { recursive: true });
  await copyFile(BIN, bin);
  await chmod(bin, 0o755);
  await writeFile(
    join(project, 'packages/gateway/src/cli/main.ts'),
    `const { argv, execArgv, execPath, pid, env } = process;
const told: object = { args: argv.slice(2), execArgv, execPath, pid, cache: env.NODE_COMPILE_CACHE };
console.log(JSON.stringify(told));`,
  );
  tools = join(folder, 'tools');
  await mkdir(tools);
  for (const tool of ['sh', 'uname', 'dirname', 'readlink', 'mkdir'])
    await symlink(join('/bin', tool), join(tools, tool)).catch(() => {});
});
afterEach(() => rm(dirname(project), { recursive: true, force: true }));

const pin = async (folder = project) => {
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await symlink(dirname(dirname(NODE)), join(folder, 'node_modules', PINNED));
};
const nodeOnPath = async (version: string) => {
  const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else exec '${NODE}' "$@"; fi\n`;
  await writeFile(join(tools, 'node'), script, { mode: 0o755 });
};
const start = async (args: readonly string[] = [], from = bin) => {
  const { code, stdout, stderr } = await run(args, { bin: from, env: { PATH: tools } });
  return { code, stderr, told: stdout === '' ? undefined : JSON.parse(stdout) };
};

describe('the launcher', () => {
  it('is executable', async () => {
    expect((await readFile(BIN, 'utf8')).startsWith('#!/bin/sh\n')).toBe(true);
  });

  it('takes the pinned Node, although the one on the PATH is old', async () => {
    await pin();
    await nodeOnPath('v20.19.0');
    expect(await start(['a b', '', '--c="d"', '$HOME'])).toEqual({
      code: 0,
      stderr: '',
      told: {
        args: ['a b', '', '--c="d"', '$HOME'],
        execArgv: [
          '--wasm-wrapper-tiering-budget=1000000000',
          '--max-semi-space-size=16',
          '--expose-gc',
          '--disable-warning=ExperimentalWarning',
        ],
        execPath: NODE,
        pid: expect.any(Number),
        cache: join(project, 'node_modules/.cache/genlock'),
      },
    });
  });

  it('becomes the program: its process id is the one that was started', async () => {
    await pin();
    const { pid, outcome } = launch([], { bin, env: { PATH: tools } });
    expect(JSON.parse((await outcome).stdout).pid).toBe(pid);
  });

  it('finds its place through links, relative and absolute', async () => {
    await pin();
    const linked = join(project, 'node_modules/.bin/genlock');
    await symlink('../../packages/gateway/bin/genlock', linked);
    expect(await start([], linked)).toMatchObject({ code: 0, told: { execPath: NODE } });
    const far = join(tools, 'far link');
    await symlink(linked, far);
    expect(await start([], far)).toMatchObject({ code: 0, told: { execPath: NODE } });
  });

  it('finds its place through a linked package', async () => {
    await pin();
    await mkdir(join(project, 'node_modules/@genlock'));
    await symlink('../../packages/gateway', join(project, 'node_modules/@genlock/gateway'));
    const linked = join(project, 'node_modules/@genlock/gateway/bin/genlock');
    expect(await start([], linked)).toMatchObject({ code: 0, told: { execPath: NODE } });
  });

  it('takes the Node of the folder nearest to it', async () => {
    await pin(join(project, 'packages/gateway'));
    expect(await start()).toMatchObject({
      code: 0,
      told: { cache: join(project, 'packages/gateway/node_modules/.cache/genlock') },
    });
  });

  it.each(['v22.18.0', 'v22.21.3', 'v23.6.0', 'v24.0.0', 'v100.1.2'])(
    'takes %s on the PATH',
    async (version) => {
      await nodeOnPath(version);
      expect(await start()).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it.each([
    ['v22.18.0', false],
    ['v23.6.0', true],
    ['v25.9.0', true],
    ['v26.0.0', false],
  ])(
    'works around the crash of threads with WebAssembly where there is one: %s',
    async (version, crashes) => {
      await nodeOnPath(version);
      const { told } = await start();
      expect(told.execArgv.includes('--wasm-wrapper-tiering-budget=1000000000')).toBe(crashes);
    },
  );

  it.each(['v20.19.0', 'v22.17.1', 'v23.5.0', 'v8.0.0', 'nonsense'])('refuses %s', async (version) => {
    await nodeOnPath(version);
    const { code, stderr, told } = await start();
    expect(code).toBe(1);
    expect(told).toBeUndefined();
    expect(stderr).toMatch(/^genlock: Node\.js 22\.18 or newer is needed\. .*npm ci.*\n$/);
  });

  it('says what to do where there is no Node', async () => {
    expect(await start()).toMatchObject({ code: 1, stderr: expect.stringMatching(/^genlock: .*\n$/) });
  });

  it('leaves a compile cache that was chosen already', async () => {
    await pin();
    const { stdout } = await run([], { bin, env: { PATH: tools, NODE_COMPILE_CACHE: tools } });
    expect(JSON.parse(stdout).cache).toBe(tools);
  });
});
