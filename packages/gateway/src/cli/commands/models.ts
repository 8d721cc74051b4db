import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandFailure } from '../failure.ts';
import { callGateway, type GatewayFlags, Refusal } from '../gateway-client.ts';
import { withGatewayFlags } from '../gateway-command.ts';
import { fields, present, table } from '../output.ts';
import {
  type Cost,
  collectCost,
  collectWeight,
  describeRoute,
  type Route,
  type RouteSetting,
  withSettings,
} from '../route-settings.ts';

interface Price {
  readonly unit: string;
  readonly usd: string;
  readonly output_usd?: string;
  readonly factors?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Model {
  readonly dialect: string;
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly billable: boolean;
  readonly price: Price | null;
  readonly routes: readonly Route[];
  readonly input_field: string | null;
  readonly enterprise_only: readonly string[];
  readonly exclusive: readonly (readonly [string, string])[];
}

interface SetFlags extends GatewayFlags {
  readonly status?: string;
  readonly billable?: boolean;
  /** false: no routes. */
  readonly route?: readonly Route[] | false;
  readonly weight?: readonly RouteSetting<number>[];
  readonly cost?: readonly RouteSetting<Cost>[];
  readonly inputField?: string | false;
  readonly enterpriseOnly?: readonly string[];
  readonly exclusive?: readonly (readonly [string, string])[];
}

export function modelsCommand(program: Command): void {
  const models = program
    .command('models')
    .summary('what callers can order, and which routes serve it')
    .description('Shows models with their prices and routes, and changes them while the gateway runs.')
    .addHelpText(
      'after',
      `
Examples:
  $ genlock models list --dialect kiara
  $ genlock models set kiara/kiara-vogue --status paused
  $ genlock models reset kiara/kiara-vogue`,
    );

  withGatewayFlags(
    models.command('list').summary('show models').description('Shows the models as they are now.'),
  )
    .option('--dialect <dialect>', 'only models of this dialect')
    .addHelpText('after', '\nExample:\n  $ genlock models list --dialect kiara')
    .action(async (flags: GatewayFlags & { dialect?: string }) => {
      const query = flags.dialect === undefined ? '' : `?dialect=${encodeURIComponent(flags.dialect)}`;
      const answer = await callGateway<{ data: readonly Model[] }>(flags, 'GET', `/models${query}`);
      present(flags, answer, ({ data }) => {
        const rows = data.map((model) => [
          `${model.dialect}/${model.id}`,
          model.kind,
          model.billable ? model.status : `${model.status}, not billable`,
          priceOf(model),
          routesOf(model),
        ]);
        return table(['model', 'kind', 'status', 'price', 'routes'], rows);
      });
    });

  withGatewayFlags(
    models
      .command('set')
      .summary('change a model')
      .description(
        'Changes a model from the next request on, also after restarts. Settings that are not named stay as they are.',
      ),
  )
    .argument('<model>', '<dialect>/<model id>', parseModel)
    .addOption(
      new Option('--status <status>', 'whether callers can use it').choices(['active', 'paused', 'inactive']),
    )
    .option('--billable', 'accept calls again')
    .option('--no-billable', 'refuse calls as not billable')
    .option(
      '--route <provider/model>',
      'a route that serves the model; repeatable, in the order in which they are tried',
      collectRoute,
    )
    .option('--no-route', 'remove all routes: nothing can run the model')
    .option(
      '--weight <provider/model=n>',
      'share of first tries that a route gets, 0 to 1000, or "none"; repeatable',
      collectWeight,
    )
    .option('--cost <provider/model=usd/unit>', 'what a route costs you, or "none"; repeatable', collectCost)
    .option('--input-field <name>', 'field that names the source clip, if the price depends on its length')
    .option('--no-input-field', 'the model has no such field')
    .option('--enterprise-only <field...>', 'fields that only the enterprise plan may send')
    .option('--exclusive <a,b>', 'two fields that may not be sent together; repeatable', collectPair)
    .addHelpText(
      'after',
      `
Routes are tried in order. If they have weights, the first one is drawn: with weights 3 and 1, one route gets three of
four first tries. A route without a weight counts as 1. A route with weight 0 is tried only after all others failed.
--route replaces the list, with its weights and costs. --weight and --cost alone change the existing routes.

A route with a cost is used for a call only if the call costs at most retries.max_cost times the caller's quote. Units
are call, image, second, character and token. For tokens, give the cost of a million; the output cost follows a colon.

Examples:
  $ genlock models set kiara/kiara-vogue --status paused
  $ genlock models set kiara/kiara-vogue --route openai/gpt-image-1 --route sandbox/kiara-vogue
  $ genlock models set kiara/kiara-vogue --weight openai/gpt-image-1=3 --weight sandbox/kiara-vogue=1
  $ genlock models set kiara/kiara-vogue --cost openai/gpt-image-1=0.04/image
  $ genlock models set llmtune/meta-llama/Llama-3.3-70B-Instruct --cost vllm/llama=0.15:0.60/token`,
    )
    .action(async (model: readonly [string, string], flags: SetFlags) => {
      const body = {
        ...(flags.status !== undefined && { status: flags.status }),
        ...(flags.billable !== undefined && { billable: flags.billable }),
        ...(flags.inputField !== undefined && { input_field: flags.inputField || null }),
        ...(flags.enterpriseOnly !== undefined && { enterprise_only: flags.enterpriseOnly }),
        ...(flags.exclusive !== undefined && { exclusive: flags.exclusive }),
      };
      if (Object.keys(body).length === 0 && !changesRoutes(flags))
        throw new CommandFailure(
          'nothing to change was named; "genlock models set --help" lists the options',
        );
      present(flags, await change(model, flags, body), render);
    });

  withGatewayFlags(
    models
      .command('reset')
      .summary('undo changes')
      .description('Undoes every change of a model that was made with "set".'),
  )
    .argument('<model>', '<dialect>/<model id>', parseModel)
    .addHelpText('after', '\nExample:\n  $ genlock models reset kiara/kiara-vogue')
    .action(async (model: readonly [string, string], flags: GatewayFlags) => {
      present(flags, await callGateway<Model>(flags, 'DELETE', path(model)), render);
    });
}

/** How often the routes are read again after another process has changed them. Of several simultaneous changes one succeeds each time. */
const TRIES = 20;

async function change(model: readonly [string, string], flags: SetFlags, body: object): Promise<Model> {
  for (let tries = 1; ; tries += 1) {
    const routes = changesRoutes(flags) ? await routesFor(model, flags) : {};
    try {
      return await callGateway<Model>(flags, 'PATCH', path(model), { ...body, ...routes });
    } catch (error) {
      const outdated = 'if_routes' in routes && error instanceof Refusal && error.code === 'invalid_state';
      if (!outdated || tries === TRIES) throw error;
    }
  }
}

function changesRoutes({ route, weight, cost }: SetFlags): boolean {
  return route !== undefined || weight !== undefined || cost !== undefined;
}

interface RouteChange {
  readonly routes: readonly Route[];
  /** The routes from which the new list was made. The change is refused if they have been replaced in the meantime. */
  readonly if_routes?: readonly Route[];
}

/** The complete new list of routes. */
async function routesFor([dialect, id]: readonly [string, string], flags: SetFlags): Promise<RouteChange> {
  const { route, weight = [], cost = [] } = flags;
  if (route !== undefined) return { routes: withSettings(route || [], weight, cost) };
  const query = `/models?dialect=${encodeURIComponent(dialect)}`;
  const { data } = await callGateway<{ data: readonly Model[] }>(flags, 'GET', query);
  const current = data.find((model) => model.id === id);
  if (current === undefined) throw new CommandFailure(`there is no model ${dialect}/${id}`);
  return { routes: withSettings(current.routes, weight, cost), if_routes: current.routes };
}

function path([dialect, id]: readonly [string, string]): string {
  return `/models/${encodeURIComponent(dialect)}/${encodeURIComponent(id)}`;
}

function parseModel(text: string): readonly [string, string] {
  const parts = halves(text, '/');
  if (parts === undefined)
    throw new InvalidArgumentError('A model is named <dialect>/<model id>, such as kiara/kiara-vogue.');
  return parts;
}

function collectRoute(text: string, before: readonly Route[] | boolean | undefined): readonly Route[] {
  const parts = halves(text, '/');
  if (parts === undefined)
    throw new InvalidArgumentError('A route is <provider>/<model>, such as sandbox/kiara-vogue.');
  const [provider, model] = parts;
  return [...(Array.isArray(before) ? before : []), { provider, model }];
}

function collectPair(
  text: string,
  before: readonly (readonly [string, string])[] = [],
): readonly (readonly [string, string])[] {
  const parts = halves(text, ',');
  if (parts === undefined)
    throw new InvalidArgumentError('Two fields with a comma between them, such as image_url,video_url.');
  return [...before, parts];
}

/** The texts before and after the first separator. */
function halves(text: string, separator: string): readonly [string, string] | undefined {
  const at = text.indexOf(separator);
  return at > 0 && at < text.length - 1 ? [text.slice(0, at), text.slice(at + 1)] : undefined;
}

function render(model: Model): string {
  return fields([
    ['model', `${model.dialect}/${model.id}`],
    ['kind', model.kind],
    ['status', model.status],
    ['billable', model.billable ? 'yes' : 'no'],
    ['price', priceOf(model)],
    ['routes', routesOf(model)],
    ['input field', model.input_field ?? 'none'],
    ['enterprise only', model.enterprise_only.join(', ') || 'nothing'],
    ['exclusive', model.exclusive.map((pair) => pair.join(' + ')).join(', ') || 'nothing'],
  ]);
}

function priceOf({ price }: Model): string {
  if (price === null) return 'none';
  const factors = Object.keys(price.factors ?? {});
  const varies = factors.length === 0 ? '' : ` × ${factors.join(', ')}`;
  if (price.unit === 'token')
    return `$${price.usd} in, $${price.output_usd ?? price.usd} out per million tokens${varies}`;
  return `$${price.usd} per ${price.unit}${varies}`;
}

function routesOf({ routes }: Model): string {
  return routes.map(describeRoute).join(', ') || 'none: nothing can run it';
}
