import type { Command } from 'commander';

export function demoCommand(program: Command): void {
  program
    .command('demo')
    .summary('see Genlock work, in a minute and for free')
    .description(
      'Starts a temporary gateway and orders pictures, a clip, a voice and a text from the sandbox, through all six ' +
        'dialects. Saves the files, lists them with their costs, and adds up the ledger. Leaves nothing behind but the files.',
    )
    .option('--out <folder>', 'folder to save the files to', 'genlock-demo')
    .addHelpText(
      'after',
      `
Examples:
  $ genlock demo
  $ genlock demo --out /tmp/pictures`,
    )
    .action(async ({ out }: { out: string }) => {
      const { demo } = await import('../demo.ts');
      process.exitCode = await demo({ out });
    });
}
