import type { Command } from 'commander';
import type { DoctorFlags } from '../doctor.ts';

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('check the ledger, the data folder and the configuration')
    .description(
      'Adds up every ledger and compares it with the stored balances. Then checks the data folder, its files, the secrets, ' +
        'the configuration and the machine. Reads the database directly, also while a gateway runs on it, and changes ' +
        'nothing without --repair. Exits 0 only when all is well.',
    )
    .option('--data <folder>', 'data folder of the gateway', '.genlock')
    .option('--config <file>', 'configuration file', 'genlock.yaml')
    .option(
      '--repair',
      'fix what can be fixed without loss: balances from the ledger, files that no row names, open permissions',
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
