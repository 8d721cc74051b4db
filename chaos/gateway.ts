import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GENLOCK = fileURLToPath(new URL('../packages/gateway/bin/genlock', import.meta.url));

/** A gateway of our own that is killed and restarted, always at the same address and with the same data. */
export interface Victim {
  readonly url: string;
  readonly adminToken: string;
  readonly dataDir: string;
  /** Sends SIGKILL and starts it again. Resolves when it serves again. */
  kill(): Promise<void>;
  /** Stops it with a signal; false if its exit code was not 0. */
  stop(): Promise<boolean>;
  /** Whether it has ended by itself. */
  readonly ended: boolean;
  /** Runs a command of the program on its data. */
  run(...args: string[]): Promise<{ readonly code: number | null; readonly output: string }>;
  remove(): Promise<void>;
}

/** Starts it with this configuration. `onLog` gets its log output. */
export async function startVictim(config: string, onLog?: (text: string) => void): Promise<Victim> {
  const dataDir = await mkdtemp(join(tmpdir(), 'genlock-chaos-'));
  const port = await freePort();
  await writeFile(join(dataDir, 'genlock.yaml'), config);
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(GENLOCK, ['serve', '--port', String(port), '--data', dataDir], {
      cwd: dataDir,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-10_000);
      onLog?.(text);
    });
    const ready = Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    await ready;
    if (child.exitCode !== null) throw new Error(`the gateway did not start: ${complaints}`);
    return child;
  };
  let child = await launch();
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null) throw new Error('the gateway ended by itself');
    const ended = once(child, 'exit');
    child.kill(signal);
    return (await ended)[0] as number | null;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    adminToken: (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim(),
    dataDir,
    get ended() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    kill: async () => {
      await end('SIGKILL');
      child = await launch();
    },
    stop: async () => (await end('SIGTERM')) === 0,
    run: (...args) => runCommand(dataDir, args),
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

async function runCommand(
  cwd: string,
  args: readonly string[],
): Promise<{ code: number | null; output: string }> {
  const child = spawn(GENLOCK, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (text: string): void => {
    output += text;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
