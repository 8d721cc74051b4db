import type { Command } from 'commander';

export function demoCommand(program: Command): void {
  program
    .command('demo')
    .summary('see it work, in a minute and for free')
    .description(
      'Starts a throw-away gateway, orders pictures, a clip, a voice and a text from the sandbox, as a customer of six ' +
        'dialects would, saves and lists the files with what they cost, and adds the ledger up. Leaves nothing but the files.',
    )
    .option('--out <folder>', 'where the files go', 'genlock-demo')
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
