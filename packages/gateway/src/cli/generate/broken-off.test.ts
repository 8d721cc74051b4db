import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { listen } from '../../testing/listen.ts';
import { BIN } from '../testing.ts';
import { besideEmulator, SMALL } from './testing.ts';

const { done, folder, gateway, generate, keyFile, own, start } = besideEmulator();

/** The generation that was last ordered with its key. */
async function latest(): Promise<{ status: string }> {
  const { key } = JSON.parse(await readFile(keyFile(), 'utf8'));
  const response = await fetch(`${gateway().url}/v1/generations?limit=1`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const { data } = (await response.json()) as { data: { status: string }[] };
  return data[0] ?? { status: 'none' };
}

describe('Ctrl-C', () => {
  it('cancels the job and says what was charged', async () => {
    const running = start('a mug [[sandbox delay=600s]]', ...SMALL);
    await running.told(/queued after/);
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.outcome;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/interrupted: gen_\w+ is canceled, charged \$0\n/);
    const [id] = /gen_\w+/.exec(stderr) ?? [];
    expect((await gateway().admin('GET', `/generations/${id}`)).body).toMatchObject({ status: 'canceled' });
    expect(await readdir(folder())).toEqual([]);
  });

  it('stops a text and says what that was charged', async () => {
    const running = start('The sea? [[sandbox pace=100ms]]', '--model', 'genlock/text');
    await running.told(/idempotency key/);
    // Waits for the first words.
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

describe('when it is not clear what became of an order', () => {
  it('says how to ask again without paying twice', async () => {
    const prompt = 'a mug [[sandbox delay=1500ms]]';
    const { code, stderr } = await generate(prompt, ...SMALL, '--timeout', '0.3', '--out', 'mug.png');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /outcome_unknown: [\s\S]*\n {2}charged +perhaps[\s\S]*\n {2}repeat +the same with --idempotency-key cli-/,
    );
    const [, key = ''] = /--idempotency-key (\S+): it is paid once/.exec(stderr) ?? [];
    const { orders } = await own();
    await done(prompt, ...SMALL, '--out', 'mug.png', '--idempotency-key', key);
    expect((await own()).orders).toBe(orders);
  });
});

describe('an order whose answer does not come', () => {
  /** The gateway, except that orders are never answered. */
  async function silent() {
    const server = createServer(async (request, response) => {
      if (request.method === 'POST' && request.url === '/v1/generations') return;
      const body = Buffer.concat(await request.toArray());
      const answer = await fetch(gateway().url + request.url, {
        method: request.method ?? 'GET',
        headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
        ...(body.length > 0 && { body }),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    });
    const url = await listen(server);
    const { key } = await gateway().customer({ dialect: 'native' });
    const args = ['--url', url, '--key', key.key];
    return { args, close: () => server.close().closeAllConnections() };
  }
  const perhaps =
    /the order may have been accepted and charged\. The same command with --idempotency-key cli-\S+ finds/;

  it('is given up in time', async () => {
    const { args, close } = await silent();
    const { code, stdout, stderr } = await generate('a mug', ...SMALL, ...args, '--timeout', '1', '--json');
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
    const running = start('a mug', ...SMALL, ...args);
    await running.told(/idempotency key/);
    running.kill('SIGINT');
    expect(await running.outcome).toMatchObject({ code: 130, stderr: expect.stringMatching(perhaps) });
    close();
  });
});

it('says what a text cost that could not be written', async () => {
  const command = `exec ${BIN} generate 'The sea? [[sandbox pace=50ms]]' --model genlock/text --data ${gateway().dataDir} > /dev/full`;
  const child = spawn('/bin/sh', ['-c', command], { cwd: folder(), stdio: ['ignore', 'ignore', 'pipe'] });
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
  await gateway().admin('POST', '/faults', { point: 'assets.read', effect: 'error', times: 50 });
  try {
    const { code, stderr } = await generate('a mug', ...SMALL, '--out', 'mug.png');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /files could not be fetched: [\s\S]*gen_\w+ succeeded, charged \$0\.01\..*costs nothing more/,
      ),
    });
  } finally {
    await gateway().admin('DELETE', '/faults');
  }
});

it('says that an order goes on when it cannot be read', async () => {
  const { key } = await gateway().customer({ dialect: 'native' });
  const running = start('a mug [[sandbox delay=3s]]', ...SMALL, '--key', key.key);
  await running.told(/queued after/);
  await gateway().admin('PATCH', `/keys/${key.id}`, { status: 'paused' });
  expect(await running.outcome).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/gen_\w+ was ordered, but cannot be read: .*may be charged/),
  });
});
