import { readdir, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { probe } from '../../assets/probe.ts';
import { launchWith } from '../testing.ts';
import { besideEmulator, SMALL } from './testing.ts';

const { command, done, file, folder, gateway, generate, keyFile, own, refused } = besideEmulator();

it('makes a picture at an emulator with nothing set up, in an account that it opens once', async () => {
  const { stdout, stderr } = await done('a red mug', ...SMALL, '--out', 'mug.png');
  expect(await probe(await file('mug.png'))).toMatchObject({ contentType: 'image/png', width: 256 });
  expect(stdout).toMatch(/^mug\.png +\d+ kB +256×256$/m);
  expect(stderr).toMatch(/opened acct_\w+ with \$5\.00/);
  expect(stderr).toMatch(/genlock\/image: at most \$0\.01, idempotency key cli-/);
  expect(stderr).toMatch(/image: queued after/);
  expect(stderr).toMatch(/genlock\/image gen_\w+: charged \$0\.01/);
  const { id } = await own();
  expect((await done('a blue mug', ...SMALL)).stderr).not.toContain('opened');
  expect(await own()).toEqual({ id, orders: 2, charged: 0.02 });
  expect((await stat(keyFile())).mode & 0o077).toBe(0);
  expect(await readdir(folder())).toEqual(['a-blue-mug.png', 'mug.png']);
});

describe('every kind of model', () => {
  it('makes a clip from a picture that is brought', async () => {
    await done('a mug', ...SMALL, '--out', 'mug.png');
    const args = ['--model', 'genlock/video', '--seconds', '1', '--resolution', '240p', '--sound'];
    await done('it turns', ...args, '--image', 'mug.png', '--out', 'mug.mp4');
    expect(await probe(await file('mug.mp4'))).toMatchObject({ contentType: 'video/mp4', hasSound: true });
    expect(await refused('x', ...args, ...['a', 'b', 'c'].flatMap(() => ['--image', 'mug.png']))).toMatch(
      /takes at most 2 pictures/,
    );
    expect(await refused('x', '--image', 'none.png')).toMatch(/there is no picture none\.png/);
    expect(await refused('x', '--image', 'asset_none')).toMatch(/^ {2}do +change --image$/m);
  });

  it('speaks', async () => {
    await done('Good morning.', '--model', 'genlock/speech', '--out', 'voice.wav');
    expect(await probe(await file('voice.wav'))).toMatchObject({ contentType: 'audio/wav' });
  });

  it('writes to stdout as it comes, or to a file', async () => {
    const args = ['--model', 'genlock/text', '--max-tokens', '20', '--seed', '5'];
    const { stdout, stderr } = await done('Tell me of the sea.', ...args);
    expect(stdout.trim().split(' ').length).toBeGreaterThan(5);
    expect(stderr).toMatch(/charged \$0\.0000\d+, 20 tokens written/);
    expect((await done('Tell me of the sea.', ...args, '--out', 'sea.txt')).stdout).toBe('sea.txt\n');
    expect(
      String(await file('sea.txt'))
        .trim()
        .split(' ').length,
    ).toBeGreaterThan(5);
  });

  it('takes its prompt from stdin', async () => {
    const args = command(['-', '--model', 'genlock/text', '--input', 'max_tokens=5']);
    expect(await launchWith(args, 'The sea?\n')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\w+/),
    });
  });
});

describe('the input', () => {
  it('is typed as the model says, and what it does not take is refused', async () => {
    const { stdout } = await done(
      'a mug',
      '--json',
      '--input',
      'size=512x512',
      '--input',
      'seed=7',
      '--out',
      'm.png',
    );
    expect(JSON.parse(stdout)).toMatchObject({ seed: 7, files: [{ path: 'm.png', width: 512 }] });
    expect(await refused('x', '--seconds', '3')).toMatch(
      /genlock\/image takes no --seconds\. It takes the prompt, /,
    );
    expect(await refused('x', '--input', 'colour=red')).toMatch(/takes no colour\./);
    expect(await refused('x', '--seed', 'red')).toMatch(/--seed must be a number, not "red"/);
    expect(await refused('x', '--size', '7x7')).toMatch(
      /input\.size must be one of [\s\S]*\n {2}do +change --size\n/,
    );
    expect(await refused('  ')).toMatch(/the prompt is empty/);
    expect(await refused('x', '--model', 'genlock/vid')).toMatch(
      /no model "genlock\/vid"[\s\S]*genlock\/video \(video\)/,
    );
  });
});

describe('money', () => {
  it('is not spent beyond --max-usd', async () => {
    expect(await refused('a mug', '--max-usd', '0.03')).toMatch(
      /costs up to \$0\.04, more than --max-usd 0\.03/,
    );
    await done('a mug', ...SMALL, '--max-usd', '0.01');
  });

  it('is spent once for an order of one name', async () => {
    const args = ['a mug', ...SMALL, '--force', '--out', 'mug.png', '--idempotency-key', 'order-1'];
    await done(...args);
    const before = await own();
    await done(...args);
    expect(await own()).toEqual(before);
    expect(await refused('another mug', ...args.slice(1))).toMatch(
      /^genlock: idempotency_conflict: .*\n {2}do +order what was ordered/m,
    );
  });

  it('that is missing is told with what to do', async () => {
    const { key } = await gateway().customer({ dialect: 'kiara', credit_usd: '0.000001' });
    expect(await refused('a mug', '--key', key.key)).toMatch(
      /^[\s\S]*genlock: insufficient_credits: [\s\S]*\n {2}do +top up the account[\s\S]*\n {2}charged +no/,
    );
  });
});

it('tells programs all of it, and of a failure as well', async () => {
  const { stdout } = await done(
    'a mug',
    ...SMALL,
    '--json',
    '--out',
    'mug.png',
    '--idempotency-key',
    'data-1',
  );
  expect(JSON.parse(stdout)).toMatchObject({
    id: expect.stringMatching(/^gen_/),
    model: 'genlock/image',
    kind: 'image',
    status: 'succeeded',
    files: [{ path: 'mug.png', content_type: 'image/png', width: 256, height: 256 }],
    cost: { charged_usd: '0.01' },
    idempotency_key: 'data-1',
  });
  const text = await done(
    'The sea?',
    '--model',
    'genlock/text',
    '--max-tokens',
    '5',
    '--seed',
    '5',
    '--json',
  );
  expect(JSON.parse(text.stdout)).toMatchObject({
    text: expect.stringMatching(/\w/),
    usage: { output_tokens: 5 },
  });
  const failed = await generate(
    'a mug [[sandbox error=content_rejected]]',
    '--json',
    '--idempotency-key',
    'data-2',
  );
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.stdout)).toMatchObject({
    error: {
      code: 'content_rejected',
      advice: 'rewrite_prompt',
      may_have_been_charged: false,
      idempotency_key: 'data-2',
    },
  });
  expect(failed.stderr).toMatch(/content_rejected: [\s\S]*do +change the wording of the prompt/);
});
