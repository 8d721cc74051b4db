import type { Command } from 'commander';
import type { DoctorFlags } from '../doctor.ts';

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('check everything, the money first')
    .description(
      'Adds every ledger up again and compares it with the balances that are kept, then looks at the data folder, its ' +
        'files, the secrets, the configuration and the machine. Reads the database itself, also while a gateway runs ' +
        'on it, and changes nothing unless told to. Exits 0 only when all is well.',
    )
    .option('--data <folder>', 'data folder of the gateway', '.genlock')
    .option('--config <file>', 'configuration', 'genlock.yaml')
    .option(
      '--repair',
      'mend what loses nothing: balances from the ledger, files that nobody names, open permissions',
      false,
    )
    .option('--json', 'print the findings as data', false)
    .addHelpText(
      'after',
      `
Examples:
  $ genlock doctor
  $ genlock doctor --repair
  $ genlock doctor --data /var/lib/genlock --json`,
    )
    .action(async (flags: Omit<DoctorFlags, 'configNamed'>, command: Command) => {
      const { doctor } = await import('../doctor.ts');
      const named = command.getOptionValueSource('config') !== 'default';
      process.exitCode = (await doctor({ ...flags, configNamed: named })) ? 0 : 1;
    });
}
