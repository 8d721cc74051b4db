import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launch, type Running, run } from './testing.ts';

let folder: string;
let started: Running[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genlock-serve-'));
  started = [];
});
afterEach(async () => {
  for (const { kill } of started) kill('SIGKILL');
  await Promise.all(started.map(({ outcome }) => outcome));
  await rm(folder, { recursive: true, force: true });
});

const serve = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Running => {
  const running = launch(['serve', '--port', '0', ...args], { cwd: folder, env });
  started.push(running);
  return running;
};

async function call(url: string, token: string, method: string, path: string, body?: object) {
  const response = await fetch(`${url}/admin/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as { id: string; key: string; status: string };
}

describe('genlock serve', () => {
  it('prints one line when it can serve, keeps its token, and ends with 0 on SIGTERM', async () => {
    const first = serve();
    const url = await first.ready;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const token = (await readFile(join(folder, '.genlock/admin-token'), 'utf8')).trim();
    expect((await stat(join(folder, '.genlock/admin-token'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(folder, '.genlock/gateway.json'), 'utf8'))).toEqual({
      url,
      pid: first.pid,
      emulator: false,
    });
    const { id } = await call(url, token, 'POST', '/accounts', { name: 'a' });

    first.kill('SIGTERM');
    const { code, stdout, stderr } = await first.outcome;
    expect(code).toBe(0);
    expect(stdout).toBe(`Genlock ready on ${url}\n`);
    expect(stderr).toContain(token);

    const second = serve();
    const again = await second.ready;
    expect((await call(again, token, 'GET', `/accounts/${id}`)).id).toBe(id);
    second.kill('SIGINT');
    const outcome = await second.outcome;
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).not.toContain(token);
  });

  it('takes the token of the environment and shows it nowhere', async () => {
    const token = 'a-token-of-the-environment';
    const running = serve(['--emulator'], { GENLOCK_ADMIN_TOKEN: token });
    const url = await running.ready;
    expect(await call(url, token, 'DELETE', '/faults')).toEqual({ data: [] });
    running.kill('SIGTERM');
    const { stdout, stderr } = await running.outcome;
    expect(stdout + stderr).not.toContain(token);
    await expect(stat(join(folder, '.genlock/admin-token'))).rejects.toThrow('ENOENT');
  });

  it('takes the token of a file that ends with a line break, as it does itself', async () => {
    const GENLOCK_ADMIN_TOKEN = 'a-token-of-a-file\n';
    const running = serve(['--emulator'], { GENLOCK_ADMIN_TOKEN });
    expect(await call(await running.ready, 'a-token-of-a-file', 'DELETE', '/faults')).toEqual({ data: [] });
    const listed = await run(['models', 'list', '--dialect', 'kiara'], {
      cwd: folder,
      env: { GENLOCK_ADMIN_TOKEN },
    });
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('kiara-vogue') });
  });

  it('says that it keeps nothing in the engines that the environment names, and not what their URLs hold', async () => {
    const running = serve([], { DATABASE_URL: 'postgres://u:hidden@db/genlock', REDIS_URL: '' });
    await running.ready;
    running.kill('SIGTERM');
    const { stderr } = await running.outcome;
    expect(stderr).toContain(
      'genlock: DATABASE_URL is set, but not used by this version: everything is kept in .genlock\n',
    );
    expect(stderr).not.toContain('hidden');
    expect(stderr).not.toContain('REDIS_URL');
  });

  it('reads the configuration again on SIGHUP, and keeps the old one when the new one is broken', async () => {
    const file = join(folder, 'genlock.yaml');
    await writeFile(file, 'models: {kiara/kiara-vogue: {status: paused}}\n');
    const running = serve();
    const url = await running.ready;
    const token = (await readFile(join(folder, '.genlock/admin-token'), 'utf8')).trim();
    const status = async () => {
      const response = await fetch(`${url}/admin/v1/models?dialect=kiara`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const { data } = (await response.json()) as { data: { id: string; status: string }[] };
      return data.find(({ id }) => id === 'kiara-vogue')?.status;
    };
    expect(await status()).toBe('paused');
    await writeFile(file, 'models: {kiara/kiara-vogue: {status: inactive}}\n');
    running.kill('SIGHUP');
    while ((await status()) !== 'inactive');
    await writeFile(file, 'models: {kiara/kiara-vogue: {status: gone}}\n');
    running.kill('SIGHUP');
    expect(await status()).toBe('inactive');
    running.kill('SIGTERM');
    expect((await running.outcome).code).toBe(0);
  });

  it('ends at once on a second signal', async () => {
    const running = serve(['--emulator']);
    const url = await running.ready;
    const token = (await readFile(join(folder, '.genlock/admin-token'), 'utf8')).trim();
    const account = await call(url, token, 'POST', '/accounts', { name: 'a', credit_usd: '5' });
    const { key } = await call(url, token, 'POST', `/accounts/${account.id}/keys`, { dialect: 'kiara' });
    const order = () =>
      fetch(`${url}/kiara/v1/generations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ prompt: 'a mug [[sandbox delay=60s]]' }),
      });
    const job = (await (await order()).json()) as { id: string };
    while ((await call(url, token, 'GET', `/generations/${job.id}`)).status !== 'running');
    running.kill('SIGTERM');
    // While it drains it answers, but takes no new work.
    while ((await fetch(`${url}/readyz`)).status !== 503);
    expect((await order()).status).toBe(503);
    expect((await call(url, token, 'GET', `/generations/${job.id}`)).status).toBe('running');
    running.kill('SIGTERM');
    expect((await running.outcome).code).toBe(143);
  });
});

describe('genlock serve refuses to start', () => {
  it('on a port that is in use', async () => {
    const url = await serve().ready;
    const { port } = new URL(url);
    expect(await run(['serve', '--port', port, '--data', 'other'], { cwd: folder })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`genlock: port ${port} is in use; choose another with --port`),
    });
  });

  it('on an address that is not its own', async () => {
    const outcome = await serve(['--host', '192.0.2.1']).outcome;
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/genlock: cannot listen on 192\.0\.2\.1:0: /);
  });

  it('with a data folder that is a file', async () => {
    await writeFile(join(folder, 'data'), '');
    for (const data of ['data', 'data/below'])
      expect(await serve(['--data', data]).outcome).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^genlock: the data folder data\S* cannot be used: .*\n$/),
      });
  });

  it('with a database that is none', async () => {
    await writeFile(join(folder, 'genlock.db'), 'this is not a database, it only has its name '.repeat(100));
    const { code, stdout, stderr } = await serve(['--data', '.']).outcome;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^genlock: the database in \. cannot be used: .*$/m);
    expect(stderr).not.toContain('    at ');
  });

  it.each(['two\nlines', 'tökén', ' '])('with an admin token that nobody could send: "%s"', async (token) => {
    expect(await serve([], { GENLOCK_ADMIN_TOKEN: token }).outcome).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^genlock: cannot start: GENLOCK_ADMIN_TOKEN cannot be sent in a header: .*\n$/,
      ),
    });
  });

  it('with a broken configuration, each problem with its line', async () => {
    await writeFile(join(folder, 'genlock.yaml'), 'log: {level: loud}\nworker:\n  lease: soon\n');
    expect(await serve().outcome).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^genlock: the configuration cannot be used:\n\S+:1:\d+ log\.level: .*\n\S+:3:\d+ worker\.lease: .*\n$/,
      ),
    });
  });

  it('with a configuration that was named and is not there', async () => {
    expect(await serve(['--config', 'other.yaml']).outcome).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^genlock: the configuration other\.yaml cannot be read: ENOENT.*\n$/),
    });
  });
});
