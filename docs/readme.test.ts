import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probe } from '../packages/gateway/src/assets/probe.ts';
import { dialectModules } from '../packages/gateway/src/dialects/index.ts';
import { startTestGateway, type TestGateway } from '../packages/gateway/src/testing/gateway.ts';
import { type ShellBlock, scriptOf, shellBlocks } from './shell-blocks.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Far more time than a page takes. */
const PAGE_MS = 90_000;

let folder: string;
let gateway: TestGateway;

/** The blocks as a reader would type them, but with this gateway's address, a free port for the receiver, and this copy of the program. */
async function blocksOf(page: string): Promise<readonly ShellBlock[]> {
  const source = await readFile(join(root, page), 'utf8');
  const here = source
    .replaceAll('http://127.0.0.1:4010', gateway.url)
    .replaceAll('4011', String(await freePort()))
    .replaceAll('npx genlock', join(root, 'packages/gateway/bin/genlock'))
    .replaceAll('npx node', process.execPath);
  return shellBlocks(here);
}

/** Runs the blocks of a page in order, and returns what each printed. */
async function runPage(page: string): Promise<{ blocks: readonly ShellBlock[]; outputs: readonly string[] }> {
  const blocks = await blocksOf(page);
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const shell = spawn('bash', ['-c', scriptOf(blocks)], {
    cwd: folder,
    env: { PATH: path, HOME: folder, NO_PROXY: '127.0.0.1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    // In a process group of its own, so that a block that hangs can be ended with everything that it started.
    detached: true,
  });
  const overdue = setTimeout(() => process.kill(-(shell.pid ?? 0), 'SIGKILL'), PAGE_MS);
  const exited = new Promise<number | null>((resolve) => shell.once('exit', resolve));
  const said = await text(shell.stderr);
  const code = await exited;
  clearTimeout(overdue);
  const outputs = await Promise.all(
    blocks.map(({ line }) => readFile(join(folder, `block-${line}.out`), 'utf8').catch(() => '')),
  );
  const where = said.trimEnd().split('\n').at(-1) ?? '';
  const output = outputs[blocks.findIndex(({ line }) => where.endsWith(` ${line}`))];
  expect(code, `${page}, ${where}:\n${output ?? said}`).toBe(0);
  return { blocks, outputs };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

describe.each([
  'README.md',
  'docs/kiara.md',
  'docs/getimg.md',
  'docs/llmtune.md',
  'docs/skills-video.md',
  'docs/skytells.md',
  'docs/native.md',
  'docs/operating.md',
  'docs/observability.md',
  'docs/rehearsing-failure.md',
])('%s', (page) => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'genlock-readme-'));
    gateway = await startTestGateway({ dataDir: join(folder, '.genlock') });
  });

  afterEach(async () => {
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'does what it says',
    async () => {
      const { blocks, outputs } = await runPage(page);
      expect(blocks.length).toBeGreaterThan(3);
      for (const [index, { line, promises }] of blocks.entries())
        for (const promise of promises)
          expect(outputs[index], `${page}, block at line ${line}`).toContain(promise);

      if (page === 'README.md') {
        const picture = await probe(await readFile(join(folder, 'castle.jpg')));
        expect(picture).toEqual({ kind: 'image', contentType: 'image/jpeg', width: 832, height: 1216 });
        const clip = await probe(await readFile(join(folder, 'balloon.mp4')));
        expect(clip).toMatchObject({ contentType: 'video/mp4', width: 1280, height: 720, hasSound: true });
        expect(clip.durationSeconds).toBeCloseTo(3, 1);
      }
      expect((await gateway.admin('POST', '/reconcile', {})).body).toMatchObject({ drift_usd: '0' });
    },
    2 * PAGE_MS,
  );
});

it.each(dialectModules)('README.md leads to $dialect.name', async ({ dialect, mount }) => {
  const source = await readFile(join(root, 'README.md'), 'utf8');
  expect(source).toContain(`](docs/${dialect.name}.md) | \`${mount}\` |`);
  expect(source, 'no call of it').toContain(`$GENLOCK${mount}/`);
});

describe('links between the pages', () => {
  const pages = globSync(['*.md', 'docs/*.md', 'packages/*/README.md'], { cwd: root }).toSorted();

  it('are looked at on every page', () => {
    expect(pages).toEqual(
      expect.arrayContaining(['README.md', 'docs/guarantees.md', 'packages/client/README.md']),
    );
  });

  it.each(pages)('%s links to what exists', async (page) => {
    const source = await readFile(join(root, page), 'utf8');
    for (const [, target = ''] of source.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(root, page) : join(root, dirname(page), path);
      const linked = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EISDIR') return '';
        throw new Error(`${page} links to ${target}`, { cause: error });
      });
      if (anchor !== undefined) expect(headings(linked), `${page} links to ${target}`).toContain(anchor);
    }
  });

  /** The anchors that the usual renderers make. */
  function headings(source: string): readonly string[] {
    return [...source.matchAll(/^#+ (.+)$/gm)].map(({ 1: title = '' }) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }
});
