import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CommandFailure, explain } from '../failure.ts';
import { print, printJson } from '../output.ts';

export function configCommand(program: Command): void {
  const config = program
    .command('config')
    .summary('check genlock.yaml')
    .description('Checks a configuration file, and prints its schema for editors.')
    .addHelpText(
      'after',
      `
Examples:
  $ genlock config check
  $ genlock config check --config /etc/genlock.yaml
  $ genlock config schema > genlock.schema.json`,
    );

  config
    .command('check')
    .summary('check a configuration file')
    .description('Reports every problem in a configuration file, with its line. Exits 1 if there is one.')
    .argument('[file]', 'the file (default: "genlock.yaml")')
    .option('--config <file>', 'the same, spelled as in the other commands')
    .addHelpText(
      'after',
      `
Variables that the file names have to be set as for the gateway, and packages installed: every provider is made
once, and nothing is called.

Examples:
  $ genlock config check
  $ genlock config check deploy/genlock.yaml
  $ genlock config check --config /etc/genlock.yaml`,
    )
    .action(async (named: string | undefined, { config: flagged }: { config?: string }, command: Command) => {
      if (named !== undefined && flagged !== undefined && named !== flagged)
        command.error('error: the file is named twice, with different names');
      const file = named ?? flagged ?? 'genlock.yaml';
      const { checkConfig } = await import('../check-config.ts');
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        throw new CommandFailure(`${file} cannot be read: ${explain(error)}`);
      });
      const problems = await checkConfig(text, file);
      if (problems !== undefined) throw new CommandFailure(`${file} cannot be used:\n${problems}`);
      print(`${file} is valid.`);
    });

  config
    .command('schema')
    .summary('print the JSON Schema of genlock.yaml')
    .description('Prints the JSON Schema of genlock.yaml, with which editors complete and check the file.')
    .addHelpText(
      'after',
      `
Example, if the first line of genlock.yaml is "# yaml-language-server: $schema=genlock.schema.json":
  $ genlock config schema > genlock.schema.json`,
    )
    .action(async () => {
      const { editorSchema } = await import('../../config/editor-schema.ts');
      const { providerSettings } = await import('../../providers/index.ts');
      printJson(editorSchema(providerSettings()));
    });
}
