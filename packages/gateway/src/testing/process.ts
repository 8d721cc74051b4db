import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const GENLOCK_BIN = fileURLToPath(new URL('../../bin/genlock', import.meta.url));

export interface GatewayProcess {
  readonly url: string;
  readonly adminToken: string;
  readonly child: ChildProcess;
  /** Sends a signal and waits for the end. Returns the exit code, or null after a signal that kills. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the real program as a user does, in a process of its own, and waits for its ready line. */
export async function spawnGateway(dataDir: string, args: readonly string[] = []): Promise<GatewayProcess> {
  const child = spawn(GENLOCK_BIN, ['serve', '--port', '0', '--data', dataDir, '--emulator', ...args], {
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const exited = once(child, 'exit');
  const url = await Promise.race([
    readyUrl(child),
    exited.then(([code]) => {
      throw new Error(`the gateway ended with ${code}: ${stderr}`);
    }),
  ]);
  return {
    url,
    adminToken: (await readFile(join(dataDir, 'admin-token'), 'utf8')).trim(),
    child,
    stop: async (signal) => {
      child.kill(signal);
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}

async function readyUrl({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('no stdout');
  for await (const line of createInterface({ input: stdout })) {
    const url = /^Genlock ready on (http:\/\/\S+)$/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('no ready line');
}
