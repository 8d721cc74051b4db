import { InvalidArgumentError } from 'commander';
import { CommandFailure } from './failure.ts';

/** The provider's price for a call, in the form of the admin API. */
export interface Cost {
  readonly unit: string;
  readonly usd: string;
  readonly output_usd?: string;
}

export interface Route {
  readonly provider: string;
  readonly model: string;
  readonly weight?: number;
  readonly cost?: Cost;
}

/** A value for one route; undefined removes it. */
export interface RouteSetting<Value> {
  readonly route: string;
  readonly value: Value | undefined;
}

const NONE = 'none';
const MAX_WEIGHT = 1000;
const COST = /^(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?\/(call|image|second|character|token)$/;

/** Parses `openai/gpt-image-1=3`. The option can be repeated. */
export function collectWeight(
  text: string,
  before: readonly RouteSetting<number>[] = [],
): readonly RouteSetting<number>[] {
  const [route, value] = settingIn(text, '3');
  const weight = value === NONE ? undefined : /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (weight !== undefined && !(weight <= MAX_WEIGHT))
    throw new InvalidArgumentError(`A weight is a whole number from 0 to ${MAX_WEIGHT}, or "${NONE}".`);
  return [...before, { route, value: weight }];
}

/**
 * Parses `openai/gpt-image-1=0.04/image`, or with a separate price of the output `vllm/llama=0.15:0.60/token`. The option can be repeated.
 */
export function collectCost(
  text: string,
  before: readonly RouteSetting<Cost>[] = [],
): readonly RouteSetting<Cost>[] {
  const [route, value] = settingIn(text, '0.04/image');
  if (value === NONE) return [...before, { route, value: undefined }];
  const [, usd, output, unit] = COST.exec(value) ?? [];
  if (usd === undefined || unit === undefined || (output !== undefined && unit !== 'token'))
    throw new InvalidArgumentError(
      `A cost is US dollars per call, image, second, character or token, such as 0.04/image; of tokens 0.15:0.60/token is a million of input and of output; or "${NONE}".`,
    );
  return [...before, { route, value: { unit, usd, ...(output !== undefined && { output_usd: output }) } }];
}

function settingIn(text: string, example: string): readonly [string, string] {
  // The last "=", because upstream model names may contain one.
  const at = text.lastIndexOf('=');
  const route = text.slice(0, Math.max(at, 0));
  if (!/^[^/]+\/./.test(route) || at === text.length - 1)
    throw new InvalidArgumentError(`It is <provider>/<model>=${example}.`);
  return [route, text.slice(at + 1)];
}

/** The routes with these weights and costs. @throws CommandFailure for a setting of a route that is not in the list */
export function withSettings(
  routes: readonly Route[],
  weights: readonly RouteSetting<number>[],
  costs: readonly RouteSetting<Cost>[],
): readonly Route[] {
  const names = routes.map(({ provider, model }) => `${provider}/${model}`);
  const unknown = [...weights, ...costs].find(({ route }) => !names.includes(route));
  if (unknown !== undefined)
    throw new CommandFailure(
      `the model has no route ${unknown.route}; it has ${names.join(', ') || 'none'}. Name its routes with --route.`,
    );
  return routes.map(({ weight, cost, ...route }, index) => {
    const of = <Value>(settings: readonly RouteSetting<Value>[], otherwise: Value | undefined) => {
      const setting = settings.findLast((one) => one.route === names[index]);
      return setting === undefined ? otherwise : setting.value;
    };
    const [newWeight, newCost] = [of(weights, weight), of(costs, cost)];
    return {
      ...route,
      ...(newWeight !== undefined && { weight: newWeight }),
      ...(newCost !== undefined && { cost: newCost }),
    };
  });
}

/** For example `openai/gpt-image-1 (weight 3, costs $0.04 per image)`. */
export function describeRoute({ provider, model, weight, cost }: Route): string {
  const notes = [
    ...(weight === undefined ? [] : [`weight ${weight}`]),
    ...(cost === undefined ? [] : [`costs ${describeCost(cost)}`]),
  ];
  return `${provider}/${model}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
}

function describeCost({ unit, usd, output_usd = usd }: Cost): string {
  return unit === 'token' ? `$${usd} in, $${output_usd} out per million tokens` : `$${usd} per ${unit}`;
}
