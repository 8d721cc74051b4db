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
import { getimgScene } from './demo/getimg.ts';
import { kiaraScene } from './demo/kiara.ts';
import { llmtuneChat } from './demo/llmtune.ts';
import type { Scene } from './demo/scene.ts';
import { scenes } from './demo/scenes.ts';
import { skillsVideoSpeech } from './demo/skills-video.ts';
import { demo } from './demo.ts';

let folder: string;
/** Where the demo keeps its temporary data. */
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
  kiaraScene({ title: 'image', file: 'image.jpg', model: 'kiara-image-pro', input: { prompt } });

it('makes a file of each kind in as many dialects, lists them with their charges, and leaves nothing else', async () => {
  const { code, listing, progress, left } = await run();
  for (const { title } of scenes) expect(progress).toContain(`  ${title}: saved`);
  expect(code).toBe(0);

  const measured = (file: string) => readFile(join(folder, file)).then(probe);
  expect(await measured('castle.jpg')).toMatchObject({ kind: 'image', width: 1280, height: 720 });
  const clip = await measured('balloon.mp4');
  expect(clip).toMatchObject({ kind: 'video', width: 1280, height: 720, hasSound: true });
  expect(clip.durationSeconds).toBeCloseTo(3, 1);
  const voice = await measured('voice.mp3');
  expect(voice).toMatchObject({ kind: 'audio', contentType: 'audio/mpeg' });
  expect(voice.durationSeconds).toBeGreaterThan(3);
  expect((await readFile(join(folder, 'answer.txt'), 'utf8')).split(' ').length).toBeGreaterThan(20);

  expect(listing).toMatch(/castle\.jpg +\d+ kB +1280×720 +getimg\/seedream-5-lite +\$0\.02\n/);
  expect(listing).toMatch(
    /balloon\.mp4 .* 1280×720, 3 s, \d+ fps, sound +kiara\/kiara-dream-fast +\$0\.60\n/,
  );
  expect(listing).toMatch(/voice\.mp3 +\d+ kB +[\d.]+ s +skills-video\/minimax-tts\/speech-02-hd +\$0\.01\n/);
  expect(listing).toMatch(/answer\.txt +\d+ B +\d+ words +llmtune\/meta-llama\/\S+ +\$0\.0000\d+\n/);
  expect(listing).toMatch(/mug\.png +\d+ kB +768×1024 +skytells\/truefusion +\$0\.03\n/);
  expect(listing).toMatch(/hills\.jpg +\d+ kB +1024×1024 +native\/genlock\/image +\$0\.04\n/);
  const [charged = ''] = /(?<=capture +\$)[\d.]+/.exec(listing) ?? [];
  expect(Number(charged)).toBeCloseTo(0.7, 3);
  expect(listing).toMatch(/top-up +\$5\.00\n +hold +\$0\.70\d+\n +capture +\$0\.70\d+\n/);
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

const failing = 'a mug [[sandbox error=content_rejected]]';
it.each([
  {
    scene: getimgScene({
      title: 'image',
      file: 'image.jpg',
      model: 'seedream-5-lite',
      input: { prompt: failing },
    }),
    said: /getimg\/v2\/images\/generations was answered 422: .*content_policy_violation/,
  },
  {
    scene: skillsVideoSpeech({
      title: 'speech',
      file: 'speech.mp3',
      model: 'minimax-tts/speech-02-hd',
      input: { text: failing },
    }),
    said: /gen_\w+ FAILED \(\w+: .*\n {2}attempt 1 at sandbox: content_rejected/,
  },
  {
    scene: llmtuneChat({
      title: 'text',
      file: 'text.txt',
      model: 'meta-llama/Llama-3.3-70B-Instruct',
      input: { messages: [{ role: 'user', content: 'hello [[sandbox drop=after_accept]]' }] },
    }),
    said: /text \(llmtune\/meta-llama\/\S+\): /,
  },
])('says what went wrong in any dialect ($scene.dialect)', async ({ scene, said }) => {
  const { code, progress, left } = await run([scene]);
  expect(progress).toMatch(said);
  expect(code).toBe(1);
  expect(left).toEqual([]);
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
    const scenes = [kiaraScene({ title: 'image', file: 'image.jpg', model: 'kiara-image-pro', input })];
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
