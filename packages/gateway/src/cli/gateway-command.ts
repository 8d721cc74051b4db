import { type Command, Option } from 'commander';

/** Adds the flags of every command that talks to a running gateway. */
export function withGatewayFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--url <url>',
        'address of the gateway (default: the one in the data folder, else http://127.0.0.1:4010)',
      ),
    )
    .option('--data <folder>', 'data folder of the gateway', '.genlock')
    .option('--json', 'print the answer of the admin API, for scripts', false);
}
