import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { probe } from '../../assets/probe.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { listen } from '../../testing/listen.ts';
import { BIN, launch, launchWith, type Running, run } from '../testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close(0));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genlock-generate-'));
});
afterEach(() => rm(folder, { recursive: true }));

const here = () => ({ cwd: folder, args: ['--data', gateway.dataDir] });
const generate = (...args: string[]) => run(['generate', ...args, ...here().args], { cwd: folder });
const start = (...args: string[]): Running => launch(['generate', ...args, ...here().args], { cwd: folder });
const small = ['--size', '256x256'];
const file = (name: string) => readFile(join(folder, name));

/** The account that the command opened for itself, as its operator sees it. */
async function own(): Promise<{ id: string; orders: number; charged: number }> {
  const { account } = JSON.parse(await readFile(join(gateway.dataDir, 'cli-key.json'), 'utf8'));
  type Ledger = { data: { type: string; usd: string }[]; next_cursor: string | null };
  const { body } = await gateway.admin<Ledger>('GET', `/accounts/${account}/ledger`);
  expect(body.next_cursor).toBeNull();
  const { data } = body;
  const of = (type: string) => data.filter((one) => one.type === type);
  return {
    id: account,
    orders: of('hold').length,
    charged: of('capture').reduce((sum, { usd }) => sum + Number(usd), 0),
  };
}

/** The generation that was ordered last with its key. */
async function latest(): Promise<{ status: string }> {
  const { key } = JSON.parse(await readFile(join(gateway.dataDir, 'cli-key.json'), 'utf8'));
  const response = await fetch(`${gateway.url}/v1/generations?limit=1`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const { data } = (await response.json()) as { data: { status: string }[] };
  return data[0] ?? { status: 'none' };
}

async function done(...args: string[]) {
  const outcome = await generate(...args);
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  return outcome;
}

async function refused(...args: string[]): Promise<string> {
  const before = await own();
  const { code, stdout, stderr } = await generate(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect((await own()).charged).toBe(before.charged);
  return stderr;
}

it('makes a picture at an emulator with nothing set up, in an account that it opens once', async () => {
  const { stdout, stderr } = await done('a red mug', ...small, '--out', 'mug.png');
  expect(await probe(await file('mug.png'))).toMatchObject({ contentType: 'image/png', width: 256 });
  expect(stdout).toMatch(/^mug\.png +\d+ kB +256×256$/m);
  expect(stderr).toMatch(/opened acct_\w+ with \$5\.00/);
  expect(stderr).toMatch(/genlock\/image: at most \$0\.01, idempotency key cli-/);
  expect(stderr).toMatch(/image: queued after/);
  expect(stderr).toMatch(/genlock\/image gen_\w+: charged \$0\.01/);
  const { id } = await own();
  expect((await done('a blue mug', ...small)).stderr).not.toContain('opened');
  expect(await own()).toEqual({ id, orders: 2, charged: 0.02 });
  expect((await stat(join(gateway.dataDir, 'cli-key.json'))).mode & 0o077).toBe(0);
  expect(await readdir(folder)).toEqual(['a-blue-mug.png', 'mug.png']);
});

describe('files', () => {
  it('are numbered, in the format that their name asks for', async () => {
    await done('mugs', ...small, '--count', '2', '--out', 'mug.jpg');
    expect(await readdir(folder)).toEqual(['mug-1.jpg', 'mug-2.jpg']);
    expect(await probe(await file('mug-2.jpg'))).toMatchObject({ contentType: 'image/jpeg' });
  });

  it('are never written over without --force, and nothing is ordered', async () => {
    await writeFile(join(folder, 'mug-2.png'), 'mine');
    const { orders } = await own();
    const args = ['mugs', ...small, '--count', '2', '--out', 'mug.png'];
    expect(await refused(...args)).toBe(
      'genlock: mug-2.png is there already: --force replaces it, or name another file with --out\n',
    );
    expect((await own()).orders).toBe(orders);
    expect(String(await file('mug-2.png'))).toBe('mine');
    await done(...args, '--force');
    expect(await probe(await file('mug-2.png'))).toMatchObject({ contentType: 'image/png' });
  });

  it('whose names are made up give way', async () => {
    await writeFile(join(folder, 'a-mug.png'), 'mine');
    expect((await done('a mug', ...small)).stdout).toContain('a-mug-2.png');
    expect((await done('a mug', ...small, '--out', '.')).stdout).toContain('a-mug-3.png');
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
    expect(await refused('x', '--out', 'mug.gif')).toMatch(/nothing is made as \.gif; .*\.png, \.jpg/);
    expect(await refused('x', '--out', 'no/mug.png')).toMatch(/there is no folder no/);
    expect(await refused('x', '--out', '-', '--count', '2')).toMatch(/several files cannot go to stdout/);
    expect((await own()).orders).toBe(orders);
  });

  it('that came to stand there meanwhile are kept, and the order is fetched again for nothing', async () => {
    const running = start('a mug [[sandbox delay=2s]]', ...small, '--out', 'mug.png');
    await running.told(/queued after/);
    await writeFile(join(folder, 'mug.png'), 'mine');
    const { code, stderr } = await running.outcome;
    expect({ code, mine: String(await file('mug.png')) }).toEqual({ code: 1, mine: 'mine' });
    expect(stderr).toMatch(/mug\.png cannot be written \(EEXIST\): gen_\w+ succeeded, charged \$0\.01/);
    const [, key = ''] = /--idempotency-key (\S+)/.exec(stderr) ?? [];
    const before = await own();
    await done(
      'a mug [[sandbox delay=2s]]',
      ...small,
      '--out',
      'mug.png',
      '--force',
      '--idempotency-key',
      key,
    );
    expect(await own()).toEqual(before);
  });

  it('go to stdout', async () => {
    const { stdout, stderr } = await done('a mug', ...small, '--out', '-');
    expect(stdout).toContain('IHDR');
    expect(stderr).toContain('charged $0.01');
  });
});

describe('an order whose answer does not come', () => {
  /** The gateway, but that orders are taken by nobody who answers. */
  async function silent() {
    const server = createServer(async (request, response) => {
      if (request.method === 'POST' && request.url === '/v1/generations') return;
      const body = Buffer.concat(await request.toArray());
      const answer = await fetch(gateway.url + request.url, {
        method: request.method ?? 'GET',
        headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
        ...(body.length > 0 && { body }),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    });
    const url = await listen(server);
    const { key } = await gateway.customer({ dialect: 'native' });
    const args = ['--url', url, '--key', key.key];
    return { args, close: () => server.close().closeAllConnections() };
  }
  const perhaps =
    /the order may have been taken, and charged\. The same with --idempotency-key cli-\S+ finds it/;

  it('is given up in time', async () => {
    const { args, close } = await silent();
    const { code, stdout, stderr } = await generate('a mug', ...small, ...args, '--timeout', '1', '--json');
    close();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(perhaps) });
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        message: expect.stringMatching(/no answer within 1 s/),
        idempotency_key: expect.stringMatching(/^cli-/),
      },
    });
  });

  it('is given up soon after Ctrl-C', async () => {
    const { args, close } = await silent();
    const running = start('a mug', ...small, ...args);
    await running.told(/idempotency key/);
    running.kill('SIGINT');
    expect(await running.outcome).toMatchObject({ code: 130, stderr: expect.stringMatching(perhaps) });
    close();
  });
});

it('says what a text cost that could not be written', async () => {
  const command = `exec ${BIN} generate 'The sea? [[sandbox pace=50ms]]' --model genlock/text --data ${gateway.dataDir} > /dev/full`;
  const child = spawn('/bin/sh', ['-c', command], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /stdout cannot be written \(ENOSPC[^)]*\): what gen_\w+ had written is charged/,
    ),
  });
});

it('says that an order is placed and paid when its files cannot be fetched', async () => {
  await gateway.admin('POST', '/faults', { point: 'assets.read', effect: 'error', times: 50 });
  try {
    const { code, stderr } = await generate('a mug', ...small, '--out', 'mug.png');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /files could not be fetched: [\s\S]*gen_\w+ succeeded, charged \$0\.01\..*costs nothing more/,
      ),
    });
  } finally {
    await gateway.admin('DELETE', '/faults');
  }
});

it('says that an order goes on when it cannot be asked for', async () => {
  const { key } = await gateway.customer({ dialect: 'native' });
  const running = start('a mug [[sandbox delay=3s]]', ...small, '--key', key.key);
  await running.told(/queued after/);
  await gateway.admin('PATCH', `/keys/${key.id}`, { status: 'paused' });
  expect(await running.outcome).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/gen_\w+ is ordered, but cannot be asked for: .*may be charged/),
  });
});

describe('every kind of model', () => {
  it('makes a clip from a picture that is brought', async () => {
    await done('a mug', ...small, '--out', 'mug.png');
    const args = ['--model', 'genlock/video', '--seconds', '1', '--resolution', '240p', '--sound'];
    await done('it turns', ...args, '--image', 'mug.png', '--out', 'mug.mp4');
    expect(await probe(await file('mug.mp4'))).toMatchObject({ contentType: 'video/mp4', hasSound: true });
    expect(await refused('x', ...args, ...['a', 'b', 'c'].flatMap(() => ['--image', 'mug.png']))).toMatch(
      /takes 2 pictures at most/,
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
    const args = ['generate', '-', '--model', 'genlock/text', '--input', 'max_tokens=5', ...here().args];
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
    await done('a mug', ...small, '--max-usd', '0.01');
  });

  it('is spent once for an order of one name', async () => {
    const args = ['a mug', ...small, '--force', '--out', 'mug.png', '--idempotency-key', 'order-1'];
    await done(...args);
    const before = await own();
    await done(...args);
    expect(await own()).toEqual(before);
    expect(await refused('another mug', ...args.slice(1))).toMatch(
      /^genlock: idempotency_conflict: .*\n {2}do +order what was ordered/m,
    );
  });

  it('that is missing is told with what to do', async () => {
    const { key } = await gateway.customer({ dialect: 'kiara', credit_usd: '0.000001' });
    expect(await refused('a mug', '--key', key.key)).toMatch(
      /^[\s\S]*genlock: insufficient_credits: [\s\S]*\n {2}do +top up the account[\s\S]*\n {2}charged +no/,
    );
  });
});

it('tells programs all of it, and of a failure as well', async () => {
  const { stdout } = await done(
    'a mug',
    ...small,
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
  expect(failed.stderr).toMatch(/content_rejected: [\s\S]*do +put the prompt in other words/);
});

describe('Ctrl-C', () => {
  it('cancels the job and says what was charged', async () => {
    const running = start('a mug [[sandbox delay=600s]]', ...small);
    await running.told(/queued after/);
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.outcome;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/interrupted: gen_\w+ is canceled, charged \$0\n/);
    const [id] = /gen_\w+/.exec(stderr) ?? [];
    expect((await gateway.admin('GET', `/generations/${id}`)).body).toMatchObject({ status: 'canceled' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('stops a text and says what that was charged', async () => {
    const running = start('The sea? [[sandbox pace=100ms]]', '--model', 'genlock/text');
    await running.told(/idempotency key/);
    // The first words.
    await running.wrote(/\w+ \w+/);
    running.kill('SIGTERM');
    const { code, stderr } = await running.outcome;
    expect(code).toBe(143);
    expect(stderr).toMatch(/interrupted: what gen_\w+ had written is charged, \$0\.0000\d+\n/);
  });
});

it('cancels a text that is ordered whole', async () => {
  const running = start('The sea? [[sandbox delay=600s]]', '--model', 'genlock/text', '--out', 'sea.txt');
  await running.told(/idempotency key/);
  await expect.poll(async () => (await latest()).status, { timeout: 20_000 }).toMatch(/queued|running/);
  running.kill('SIGINT');
  expect(await running.outcome).toMatchObject({
    code: 130,
    stderr: expect.stringMatching(/interrupted: gen_\w+ is canceled, charged \$0\n/),
  });
});

it('ends a stream of text that takes too long', async () => {
  const prompt = 'The sea? [[sandbox pace=200ms]]';
  const { code, stderr } = await generate(prompt, '--model', 'genlock/text', '--timeout', '1');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /genlock: not finished after 1 s: what gen_\w+ had written is charged, \$0/,
    ),
  });
});

it('says what to do when the account that it opened is gone', async () => {
  const file = join(gateway.dataDir, 'cli-key.json');
  const kept = await readFile(file, 'utf8');
  await writeFile(file, JSON.stringify({ account: 'acct_gone', key: 'gl_live_gone' }));
  try {
    const { code, stderr } = await generate('a mug');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/unauthenticated[\s\S]*delete cli-key\.json/),
    });
  } finally {
    await writeFile(file, kept);
  }
});

describe('when it is not clear what became of an order', () => {
  it('says how to ask again without paying twice', async () => {
    const prompt = 'a mug [[sandbox delay=1500ms]]';
    const { code, stderr } = await generate(prompt, ...small, '--timeout', '0.3', '--out', 'mug.png');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /outcome_unknown: [\s\S]*\n {2}charged +perhaps[\s\S]*\n {2}repeat +the same with --idempotency-key cli-/,
    );
    const [, key = ''] = /--idempotency-key (\S+): it is paid once/.exec(stderr) ?? [];
    const { orders } = await own();
    await done(prompt, ...small, '--out', 'mug.png', '--idempotency-key', key);
    expect((await own()).orders).toBe(orders);
  });
});

describe('who orders, and where', () => {
  it('is told by flags or the environment', async () => {
    const { id, key } = await gateway.customer({ dialect: 'native' });
    const env = { GENLOCK_URL: `${gateway.url}/v1/`, GENLOCK_API_KEY: key.key };
    expect(await run(['generate', 'a mug', ...small], { cwd: folder, env })).toMatchObject({ code: 0 });
    const { body } = await gateway.admin('GET', `/accounts/${id}`);
    expect(body).toMatchObject({ balance: { available_usd: '99.99' } });
  });

  it('has to be known', async () => {
    const env = { GENLOCK_URL: gateway.url };
    expect(await run(['generate', 'a mug'], { cwd: folder, env })).toMatchObject({
      code: 1,
      stderr: `genlock: no API key for ${gateway.url}: give one with --key or GENLOCK_API_KEY.\n`,
    });
    expect(await run(['generate', 'a mug', '--key', 'auto'], { cwd: folder, env })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--key auto is for a gateway that runs on \.genlock, and none does/),
    });
    expect(await refused('a mug', '--key', 'gl_live_nobody')).toMatch(
      /^genlock: unauthenticated: [\s\S]*do +use another key/,
    );
    expect(await refused('a mug', '--url', 'http://127.0.0.1:9', '--key', 'k')).toMatch(
      /^genlock: no gateway answers on http:\/\/127\.0\.0\.1:9 /,
    );
  });

  it('at a real gateway is never made up without being asked', async () => {
    const real = await startTestGateway({ emulator: false });
    try {
      const args = ['generate', 'a mug', ...small, '--data', real.dataDir];
      expect(await run(args, { cwd: folder })).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/no API key for [\s\S]*genlock accounts create[\s\S]*--key auto/),
      });
      expect(await run([...args, '--key', 'auto'], { cwd: folder })).toMatchObject({ code: 0 });
    } finally {
      await real.close(0);
    }
  });
});
