import { flushCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import { ConfigError } from '../config/issues.ts';
import { GenlockError } from '../domain/error.ts';
import { type RunningGateway, startGateway } from '../server/start.ts';
import { CommandFailure, explain } from './failure.ts';

export interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly config: string;
  /** Whether the user named the configuration file, so that it must exist. */
  readonly configNamed: boolean;
  readonly emulator: boolean;
  readonly publicUrl?: string;
  readonly worker: boolean;
}

/** How long jobs may go on after the signal, and when the process ends whatever still keeps it alive. docs/operating.md promises 30 s. */
const GRACE_MS = 20_000;
const LAST_MS = 28_000;
const LAUNCHER_CHECK_MS = 250;

/** Whoever sets these expects several machines to share one ledger, but each would keep balances of its own. */
const NOT_USED_YET = ['DATABASE_URL', 'REDIS_URL'];

/** Runs the gateway until it has been told to stop and has stopped. @throws CommandFailure if it cannot start */
export async function serve(flags: ServeFlags): Promise<void> {
  // Everything in the data folder is readable by its owner only, even if the folder existed before.
  process.umask(0o077);
  const stop = Promise.withResolvers<void>();
  let signals = 0;
  for (const [name, number] of [
    ['SIGTERM', 15],
    ['SIGINT', 2],
  ] as const) {
    process.on(name, () => {
      signals += 1;
      if (signals > 1) process.exit(128 + number);
      say('stopping: no new work, jobs in flight may finish; once more ends it at once');
      stop.resolve();
    });
  }

  // With `npx genlock serve`, npx ends on a signal without passing it on. The end of npx then counts as the signal.
  if (process.env.npm_command === 'exec') {
    const launcher = process.ppid;
    setInterval(() => {
      if (process.ppid !== launcher && signals === 0) process.kill(process.pid, 'SIGTERM');
    }, LAUNCHER_CHECK_MS).unref();
  }

  // Registered before there is anything to reload, because by default the signal would end the process.
  let reload = (): void => {};
  process.on('SIGHUP', () => reload());

  const gateway = await start(flags).catch((error: unknown) => {
    throw new CommandFailure(startFailure(error, flags));
  });
  reload = () => void gateway.reload();
  for (const name of NOT_USED_YET.filter((one) => process.env[one]))
    say(`${name} is set, but not used by this version: everything is kept in ${flags.data}`);
  if (gateway.adminTokenIsNew)
    say(`admin token, shown this once and kept in ${join(flags.data, 'admin-token')}: ${gateway.adminToken}`);
  if (signals === 0) process.stdout.write(`Genlock ready on ${gateway.url}\n`);
  // Flushed now, because a process that is killed writes nothing at its end.
  flushCompileCache();
  clearAwayStart();

  await stop.promise;
  setTimeout(() => {
    say('stopped, although something was still open');
    process.exit(0);
  }, LAST_MS).unref();
  await gateway.close(GRACE_MS);
  process.exit(0);
}

function start(flags: ServeFlags): Promise<RunningGateway> {
  return startGateway({
    dataDir: resolve(flags.data),
    host: flags.host,
    port: flags.port,
    emulator: flags.emulator,
    worker: flags.worker,
    ...(flags.publicUrl !== undefined && { publicUrl: flags.publicUrl }),
    configFile: resolve(flags.config),
    configMayBeAbsent: !flags.configNamed,
  });
}

/** Collects what was only needed to start and gives the memory back: 40 MB, which an idle gateway would otherwise keep for hours. */
function clearAwayStart(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

function say(line: string): void {
  process.stderr.write(`genlock: ${line}\n`);
}

/** Why the gateway could not start, and what to do. */
function startFailure(error: unknown, { port, host, data, config }: ServeFlags): string {
  if (error instanceof ConfigError) return `the configuration cannot be used:\n${error.message}`;
  if (error instanceof GenlockError) {
    const why =
      error.detail.raw ?? (error.detail.cause === undefined ? undefined : explain(error.detail.cause));
    return `the database in ${data} cannot be used: ${error.message}${why === undefined ? '' : ` (${why})`}`;
  }
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === 'listen' || syscall === 'getaddrinfo') {
    if (code === 'EADDRINUSE')
      return `port ${port} is in use; choose another with --port, or 0 for a free one`;
    if (code === 'EACCES')
      return `port ${port} may not be used by this user; choose one above 1023 with --port`;
    return `cannot listen on ${host}:${port}: ${explain(error)}`;
  }
  if (path === resolve(config) || code === 'EISDIR')
    return `the configuration ${config} cannot be read: ${explain(error)}`;
  if (code !== undefined && path !== undefined)
    return `the data folder ${data} cannot be used: ${explain(error)}`;
  return `cannot start: ${explain(error)}`;
}
