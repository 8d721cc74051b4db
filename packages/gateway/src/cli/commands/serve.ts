import { type Command, InvalidArgumentError } from 'commander';
import type { ServeFlags } from '../serve.ts';

const MAX_PORT = 65_535;

export function serveCommand(program: Command): void {
  program
    .command('serve')
    .summary('start the gateway')
    .description(
      'Starts the gateway and serves until it is told to stop.\n\n' +
        'When it can serve, it prints one line on stdout, "Genlock ready on <url>". Everything else goes to stderr. ' +
        'SIGTERM or SIGINT drains: running jobs finish or are given back, and the process exits 0 within 30 s. A second ' +
        'signal ends it at once. SIGHUP reads the configuration again; a change of the file has the same effect.',
    )
    .option('--port <port>', 'port to listen on; 0 takes a free port', parsePort, 4010)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data <folder>', 'folder for all data', '.genlock')
    .option('--config <file>', 'configuration file', 'genlock.yaml')
    .option('--emulator', 'a local double: loopback URLs are allowed, failures can be rehearsed', false)
    .option(
      '--public-url <url>',
      'start of every link that is sent out (default: the address of the ready line)',
      parseUrl,
    )
    .option('--no-worker', 'only answer requests; another process on the same data runs the jobs')
    .addHelpText(
      'after',
      `
Environment:
  GENLOCK_ADMIN_TOKEN   token of the admin API (default: made once and kept in the data folder)
  GENLOCK_SECRET        seals webhook secrets in the database (default: made once and kept in the data folder)

Examples:
  $ genlock serve --emulator
  $ genlock serve --port 0 --data /var/lib/genlock
  $ genlock serve --host 0.0.0.0 --public-url https://gateway.example.com --config /etc/genlock.yaml`,
    )
    .action(async (flags: Omit<ServeFlags, 'configNamed'>, command: Command) => {
      const { serve } = await import('../serve.ts');
      await serve({ ...flags, configNamed: command.getOptionValueSource('config') !== 'default' });
    });
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= MAX_PORT)) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new InvalidArgumentError(
      'It must be an http or https URL without query, such as https://gateway.example.com.',
    );
  return text.replace(/\/+$/, '');
}
