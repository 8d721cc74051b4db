import { type Command, InvalidArgumentError } from 'commander';
import { callGateway, type GatewayFlags } from '../gateway-client.ts';
import { withGatewayFlags } from '../gateway-command.ts';
import { fields, present, table } from '../output.ts';

interface Health {
  readonly provider: string;
  readonly model: string;
  readonly state: string;
  readonly failure_ratio: number;
  readonly calls: number;
  readonly open_until: string | null;
  readonly rest_until: string | null;
  readonly cause: string | null;
  readonly in_flight: number;
}

export function routesCommand(program: Command): void {
  const routes = program
    .command('routes')
    .summary('state of the routes to providers')
    .description(
      'Shows which routes work and which are left alone because they failed, as seen by the gateway process that answers.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ genlock routes list
  $ genlock routes reset openai/gpt-image-1

Use "genlock models set" to set the routes of a model, their weights and their costs. "genlock attempts" lists the calls
that routes lost.`,
    );

  withGatewayFlags(
    routes
      .command('list')
      .summary('show routes')
      .description('Shows every route of every model, with the share of its last calls that failed.'),
  )
    .option('--provider <name>', 'only routes to this provider')
    .addHelpText('after', '\nExample:\n  $ genlock routes list --provider openai')
    .action(async (flags: GatewayFlags & { provider?: string }) => {
      const query = flags.provider === undefined ? '' : `?provider=${encodeURIComponent(flags.provider)}`;
      const answer = await callGateway<{ data: readonly Health[] }>(flags, 'GET', `/routes${query}`);
      present(flags, answer, ({ data }) =>
        table(
          ['route', 'state', 'failed', 'of', 'in flight', 'until', 'cause'],
          data.map((health) => [
            `${health.provider}/${health.model}`,
            stateOf(health),
            failedOf(health),
            String(health.calls),
            String(health.in_flight),
            health.open_until ?? health.rest_until ?? '',
            health.cause ?? '',
          ]),
          ['failed', 'of', 'in flight'],
        ),
      );
    });

  withGatewayFlags(
    routes
      .command('reset')
      .summary('use a route again')
      .description('Forgets the failures of a route, so that it is used again at once.'),
  )
    .argument('<route>', '<provider>/<model>', parseRoute)
    .addHelpText('after', '\nExample:\n  $ genlock routes reset openai/gpt-image-1')
    .action(async ({ provider, model }: Pick<Health, 'provider' | 'model'>, flags: GatewayFlags) => {
      const path = `/routes/${encodeURIComponent(provider)}/${encodeURIComponent(model)}/reset`;
      present(flags, await callGateway<Health>(flags, 'POST', path), (health) =>
        fields([
          ['route', `${health.provider}/${health.model}`],
          ['state', stateOf(health)],
          ['failed', `${failedOf(health)} of ${health.calls}`],
          ['in flight', String(health.in_flight)],
        ]),
      );
    });
}

function parseRoute(text: string): Pick<Health, 'provider' | 'model'> {
  const slash = text.indexOf('/');
  if (slash < 1 || slash === text.length - 1)
    throw new InvalidArgumentError('A route is named <provider>/<model>, such as openai/gpt-image-1.');
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}

function stateOf({ state, rest_until }: Health): string {
  return state === 'closed' && rest_until !== null ? 'resting' : state.replace('_', ' ');
}

function failedOf({ failure_ratio }: Health): string {
  return `${Math.round(failure_ratio * 100)} %`;
}
