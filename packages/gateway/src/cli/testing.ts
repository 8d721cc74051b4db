import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';

/* What the tests of this folder share. */

export const BIN = fileURLToPath(new URL('../../bin/genlock', import.meta.url));

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly bin?: string;
  /** The content of stdin; empty by default. */
  readonly input?: string;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  /** Resolves with the address of the ready line; rejects if the process ends before. */
  readonly ready: Promise<string>;
  readonly outcome: Promise<Outcome>;
  /** Resolves once stderr matches. */
  told(pattern: RegExp): Promise<void>;
  /** Resolves once stdout matches. */
  wrote(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Spawns the real program, as a shell would. Of the tests' environment it only gets the PATH. */
export function launch(
  args: readonly string[],
  { cwd, env = {}, bin = BIN, input = '' }: RunOptions = {},
): Running {
  const child = spawn(bin, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  // Ignored, because most commands end without reading stdin.
  child.stdin.on('error', () => {}).end(input);
  const output = { stdout: '', stderr: '' };
  const heard = new EventEmitter();
  const until = (stream: 'stdout' | 'stderr') => async (pattern: RegExp) => {
    while (!pattern.test(output[stream])) await once(heard, 'more');
  };
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  ready.catch(() => {});
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
    heard.emit('more');
    const url = /^Genlock ready on (\S+)\n/m.exec(output.stdout)?.[1];
    if (url !== undefined) resolve(url);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
    heard.emit('more');
  });
  const outcome = once(child, 'close').then(([code]: unknown[]): Outcome => {
    reject(new Error(`ended with ${code}: ${output.stderr}`));
    return { code: code as number | null, ...output };
  });
  return {
    pid: child.pid ?? 0,
    ready,
    outcome,
    told: until('stderr'),
    wrote: until('stdout'),
    kill: (signal) => child.kill(signal),
  };
}

/** Runs the program with this text on stdin. */
export function launchWith(args: readonly string[], input: string): Promise<Outcome> {
  return launch(args, { input }).outcome;
}

export function run(args: readonly string[], options?: RunOptions): Promise<Outcome> {
  return launch(args, options).outcome;
}
