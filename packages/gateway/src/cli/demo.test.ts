import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { probe } from '../assets/probe.ts';
import { kiaraScene } from './demo/kiara.ts';
import type { Scene } from './demo/scene.ts';
import { demo } from './demo.ts';

let folder: string;
/** Where the demo puts what it throws away. */
let scratch: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-test-'));
  scratch = await mkdtemp(join(tmpdir(), 'demo-scratch-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(scratch, { recursive: true, force: true });
});

async function run(scenes?: readonly Scene[], signal?: AbortSignal) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const said = Promise.all([text(stdout), text(stderr)]);
  const code = await demo({
    out: folder,
    scratch,
    stdout,
    stderr,
    ...(scenes && { scenes }),
    ...(signal && { signal }),
  });
  stdout.end();
  stderr.end();
  const [listing, progress] = await said;
  return { code, listing, progress, left: await readdir(scratch) };
}

const order = (prompt: string) =>
  kiaraScene({ title: 'image', file: 'image.jpg', product: 'kiara-image-pro', input: { prompt } });

it('makes a picture and a clip, lists them with their charges, and leaves nothing else', async () => {
  const { code, listing, progress, left } = await run();
  expect(progress).toContain('video: saved');
  expect(code).toBe(0);
  expect(await probe(await readFile(join(folder, 'castle.jpg')))).toMatchObject({
    width: 1216,
    height: 832,
  });
  const clip = await probe(await readFile(join(folder, 'balloon.mp4')));
  expect(clip).toMatchObject({ kind: 'video', width: 1280, height: 720, hasSound: true });
  expect(clip.durationSeconds).toBeCloseTo(3, 1);
  expect(listing).toMatch(/castle\.jpg +\d+ kB +1216×832 +kiara\/kiara-image-pro +\$0\.10\n/);
  expect(listing).toMatch(
    /balloon\.mp4 .* 1280×720, 3 s, \d+ fps, sound +kiara\/kiara-dream-fast +\$0\.60\n/,
  );
  expect(listing).toMatch(/top-up +\$5\.00\n +hold +\$0\.70\n +capture +\$0\.70\n +available +\$4\.30\n/);
  expect(left).toEqual([]);
});

it('says why a generation failed, as its operator sees it, and exits 1', async () => {
  const { code, listing, progress, left } = await run([order('a mug [[sandbox error=content_rejected]]')]);
  expect(code).toBe(1);
  expect(listing).toBe('');
  expect(progress).toMatch(
    /genlock demo: image \(kiara\/kiara-image-pro\): gen_\w+ failed \(generation_failed: /,
  );
  expect(progress).toContain('attempt 1 at sandbox: content_rejected');
  expect(left).toEqual([]);
});

it('says what a dialect refused, and exits 1', async () => {
  const { code, progress } = await run([order('')]);
  expect(code).toBe(1);
  expect(progress).toMatch(/POST \/kiara\/v1\/generations was answered 400: .*invalid_request/);
});

it('does not wait for the other scenes when one fails', async () => {
  const begun = Date.now();
  const { code } = await run([order(''), order('a mug [[sandbox delay=300s]]')]);
  expect(code).toBe(1);
  expect(Date.now() - begun).toBeLessThan(20_000);
});

it.each(['SIGINT', 'SIGTERM'] as const)('cleans up on %s and exits as shells expect', async (signal) => {
  const module = fileURLToPath(new URL('./demo.ts', import.meta.url));
  const kiara = fileURLToPath(new URL('./demo/kiara.ts', import.meta.url));
  const program = `
    import { demo } from ${JSON.stringify(module)};
    import { kiaraScene } from ${JSON.stringify(kiara)};
    const input = { prompt: 'a mug [[sandbox delay=300s]]' };
    const scenes = [kiaraScene({ title: 'image', file: 'image.jpg', product: 'kiara-image-pro', input })];
    process.exitCode = await demo({ out: ${JSON.stringify(folder)}, scratch: ${JSON.stringify(scratch)}, scenes });
  `;
  const main = join(folder, 'main.mjs');
  await writeFile(main, program);
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let said = '';
  const processing = Promise.withResolvers<void>();
  child.stderr.on('data', (chunk) => {
    said += chunk;
    if (said.includes('processing')) processing.resolve();
  });
  child.once('exit', () => processing.reject(new Error(`it ended too early: ${said}`)));
  await processing.promise;
  expect(await readdir(scratch)).toHaveLength(1);
  child.kill(signal);
  const [code] = await once(child, 'exit');
  expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
  expect(await readdir(scratch)).toEqual([]);
});
