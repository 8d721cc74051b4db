import { Command, CommanderError } from 'commander';
import { programVersion } from '../server/version.ts';
import { accountsCommand } from './commands/accounts.ts';
import { attemptsCommand } from './commands/attempts.ts';
import { auditCommand } from './commands/audit.ts';
import { configCommand } from './commands/config.ts';
import { creditsCommand } from './commands/credits.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { errorsCommand } from './commands/errors.ts';
import { generateCommand } from './commands/generate.ts';
import { keysCommand } from './commands/keys.ts';
import { modelsCommand } from './commands/models.ts';
import { routesCommand } from './commands/routes.ts';
import { serveCommand } from './commands/serve.ts';
import { CommandFailure } from './failure.ts';

/*
 * The program `genlock`. Commands are only described here and load their code when they run, because the start has to be quick. Exit codes:
 * 0 success; 1 failure, with a line on stderr that says why; 2 wrong usage.
 */

// The terminal may be gone or the disk full. A message that cannot be written must not end the program.
process.stderr.on('error', () => {});

const FAILED = 1;
const MISUSED = 2;

function createProgram(): Command {
  const program = new Command('genlock')
    .description('A gateway for paid generation APIs. It pays each order once, and its money adds up.')
    .version(programVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help; every command has its own')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Start here:
  $ genlock demo                       see Genlock work: pictures, a clip, a voice, a text
  $ genlock serve --emulator           a local double of the public APIs, with faults on demand
  $ genlock serve                      the gateway

Then, in another terminal, in the same folder:
  $ genlock generate "a red mug on oak" --out mug.png
  $ genlock accounts create "Acme" --credit 25.00
  $ genlock keys create <account> --dialect kiara`,
    );
  for (const add of [
    serveCommand,
    demoCommand,
    generateCommand,
    accountsCommand,
    keysCommand,
    creditsCommand,
    auditCommand,
    modelsCommand,
    routesCommand,
    attemptsCommand,
    errorsCommand,
    doctorCommand,
    configCommand,
  ])
    add(program);
  return program;
}

// The reader of the output may stop reading: `genlock errors | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A command with its own listener handles this itself.
  if (process.stdout.listenerCount('error') > 1) return;
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`genlock: stdout cannot be written: ${error.message}\n`);
  process.exit(FAILED);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // The message has already been printed.
    process.exit(error.exitCode === 0 ? 0 : MISUSED);
  }
  const text = error instanceof CommandFailure ? error.message : ((error as Error)?.stack ?? String(error));
  process.stderr.write(`genlock: ${text}\n`);
  // Exits explicitly, because what was started before the failure may keep the process alive.
  process.exit(FAILED);
}
