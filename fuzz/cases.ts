import { type Dice, diceOf } from './dice.ts';
import type { Api, Operation } from './documents.ts';
import { APIS, besides, type Schema } from './documents.ts';
import { breaksHttp, type Draft, utf8 } from './draft.ts';
import { jsonText } from './json-text.ts';
import type { Keyring } from './keyring.ts';
import { fileBytes, multipart } from './multipart.ts';
import { mutateJson } from './mutate-json.ts';
import {
  type Mutation,
  mutateBytes,
  mutateHeaders,
  mutateManner,
  mutateMethod,
  mutatePath,
  mutateQuery,
} from './mutate-request.ts';
import { ODD_DIRECTIVES, STRINGS } from './nasty.ts';
import type { Pool } from './pool.ts';
import { rawBytes } from './raw-http.ts';
import { type Sampling, sample } from './sample.ts';

export interface World {
  readonly host: string;
  readonly apis: readonly Api[];
  readonly keyring: Keyring;
  readonly pool: Pool;
  /** URLs that must not be fetched, or that hurt whoever fetches them. */
  readonly badUrls: readonly string[];
  /** Files that may be fetched. */
  readonly goodUrls: readonly string[];
}

/** Whose operations are asked for: those of customers, or the operator's, which may take anything from customers. */
export type Side = 'customers' | 'operator';

/** Outcomes that cost no rendering. */
const CHEAP: readonly string[] = [
  'result=empty',
  'result=garbage',
  'error=content_rejected',
  'error=content_rejected at=admit',
  'error=upstream_failed at=admit',
  'error=upstream_unavailable at=admit',
  'error=upstream_rate_limited at=admit',
  'error=upstream_timeout',
  'error=upstream_failed',
  'error=invalid_parameter',
  'drop=after_accept',
  'delay=20ms result=empty',
];

/** The request of case `n`: the same seed and number give the same one, but for the ids and links that the server has made. */
export function draftCase(world: World, seed: number, n: number, side: Side): Draft {
  const dice = diceOf(seed, n);
  if (side === 'customers' && dice.chance(0.03)) return draftLink(world, dice);
  const operation = chooseOperation(world, dice, side);
  const draft = draftOf(world, dice, operation);
  if (dice.chance(0.015)) {
    draft.manner = 'alone';
    draft.intact = false;
    draft.raw = rawBytes(dice, draft.path, world.host);
  }
  return draft;
}

function chooseOperation({ apis }: World, dice: Dice, side: Side): Operation {
  if (dice.chance(0.03)) return dice.one(besides);
  const chosen =
    side === 'operator'
      ? apis.filter(({ name }) => name === 'admin')
      : apis.filter(({ name }) => name !== 'admin');
  const { operations } = dice.one(chosen);
  return dice.weighted(
    operations
      // It would break the server for everybody else, which is its purpose.
      .filter(({ name }) => name !== 'admin post /faults')
      .map((one) => [Object.keys(one.body).length > 0 ? 4 : 1, one]),
  );
}

function draftOf(world: World, dice: Dice, operation: Operation): Draft {
  const asker = world.keyring.ask(dice, operation.api);
  const sampling = samplingOf(world, dice, operation);
  const draft: Draft = {
    operation,
    asker,
    method: operation.method,
    path: fillPath(world, dice, operation),
    query: sampleQuery(sampling, operation),
    headers: [...asker.headers, ...sampleHeaders(dice, operation, asker.known)],
    body: undefined,
    chunked: false,
    manner: 'whole',
    intact: false,
  };
  const times = dice.weighted([
    [1, 0],
    [6, 1],
    [3, 2],
    [1, 3],
  ]);
  const plan = Array.from({ length: times }, () => dice.weighted(mutationsFor(operation)));
  writeBody(world, dice, draft, sampling, plan.filter((one) => one === 'json').length);
  const before = draft.method + draft.path;
  for (const mutate of plan) if (mutate !== 'json') mutate(dice, draft);
  draft.intact =
    before === draft.method + draft.path && !draft.headers.some(([name]) => /^host$/i.test(name));
  if (breaksHttp(draft)) draft.manner = 'alone';
  return draft;
}

function mutationsFor(operation: Operation): readonly (readonly [number, Mutation | 'json'])[] {
  const hasBody = Object.keys(operation.body).length > 0;
  return [
    [hasBody ? 45 : 0, 'json'],
    [hasBody ? 8 : 1, mutateBytes],
    [8, mutatePath],
    [7, mutateQuery],
    [13, mutateHeaders],
    [4, mutateMethod],
    [2, mutateManner],
  ];
}

function samplingOf({ apis, pool, badUrls, goodUrls }: World, dice: Dice, { api }: Operation): Sampling {
  return {
    dice,
    document: apis.find(({ name }) => name === api)?.document ?? {},
    words: {
      text: () =>
        dice.weighted<() => string>([
          [18, () => `a mug [[sandbox ${dice.one(CHEAP)}]]`],
          [1, () => `a mug [[sandbox ${dice.one(ODD_DIRECTIVES)}]]`],
          [1, () => dice.one(STRINGS)],
          [0.4, () => 'a mug'],
        ])(),
      url: () =>
        dice.weighted<() => string>([
          [3, () => dice.one(badUrls)],
          [3, () => dice.one(goodUrls)],
          [1, () => pool.link(dice) ?? 'x'],
          [1, () => pool.id(dice, api)],
        ])(),
      model: () => pool.model(dice, api),
      id: () => pool.id(dice, api),
    },
  };
}

const STANDS_FOR_MODEL = /\/(?:models?|generation|products|sse)\/\{\w+\}|\{model\}/;

function fillPath({ pool }: World, dice: Dice, { api, path, method }: Operation): string {
  return path.replaceAll(/\{(\w+)\}/g, (whole, name: string, at: number) => {
    if (name === 'dialect') return dice.one(APIS.slice(0, -1));
    if (name === 'provider') return 'sandbox';
    if (name === 'index') return String(dice.whole(0, 2));
    if (name === 'name') return dice.one([...APIS, 'nothing']);
    if (name === 'file') return `${dice.one([...APIS, 'nothing'])}.json`;
    const model = STANDS_FOR_MODEL.test(path.slice(0, at + whole.length));
    const reads = method === 'GET' && path.includes('/generation/');
    const value = model && !reads ? pool.model(dice, api) : pool.id(dice, api);
    return dice.chance(0.5) ? encodeURIComponent(value) : value;
  });
}

function sampleQuery(sampling: Sampling, { parameters }: Operation): string {
  const pairs = parameters
    .filter((one) => one.in === 'query' && (one.required === true || sampling.dice.chance(0.3)))
    .map(({ name, schema }) => {
      const value = String(sample(sampling, schema, name));
      return `${name}=${encodeURIComponent(value.toWellFormed())}`;
    });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function sampleHeaders(dice: Dice, { parameters, api, body }: Operation, known: boolean): [string, string][] {
  const takes = (name: string): boolean => parameters.some((one) => one.in === 'header' && one.name === name);
  const headers: [string, string][] = [];
  // Strangers are counted by address, and so many from one would only be told to wait.
  if (!known || dice.chance(0.1))
    headers.push(['X-Forwarded-For', `10.${dice.whole(0, 255)}.${dice.whole(0, 255)}.${dice.whole(1, 254)}`]);
  if (takes('Idempotency-Key') && dice.chance(0.2))
    headers.push(['Idempotency-Key', dice.chance(0.3) ? 'the-same-for-all' : `key-${dice.whole(0, 1e9)}`]);
  if (takes('Range') && dice.chance(0.3)) headers.push(['Range', 'bytes=0-3']);
  if (takes('Prefer') && dice.chance(0.3))
    headers.push(['Prefer', dice.one(['wait=1', 'respond-async', 'wait=2'])]);
  const orders = api !== 'admin' && Object.keys(body).length > 0;
  if (orders && dice.chance(0.8)) headers.push(['Genlock-Sandbox', dice.one(CHEAP)]);
  return headers;
}

function writeBody({ badUrls }: World, dice: Dice, draft: Draft, sampling: Sampling, changes: number): void {
  const types = Object.entries(draft.operation.body);
  if (types.length === 0) return;
  const [type, schema] = dice.one(types);
  if (type.startsWith('multipart/')) {
    const fields = fieldsOf(sample(sampling, schema));
    const form = multipart(dice, fields);
    draft.headers.push(['Content-Type', form.type]);
    draft.body = form.body;
  } else if (type.endsWith('/*')) {
    draft.headers.push(['Content-Type', type.replace('*', dice.one(['png', 'jpeg', 'mp4', 'x', 'svg+xml']))]);
    draft.body = fileBytes(dice);
  } else {
    let value = sample(sampling, schema as Schema);
    for (let n = 0; n < changes; n += 1) value = mutateJson(dice, value, () => dice.one(badUrls));
    draft.headers.push(['Content-Type', 'application/json']);
    draft.body = Buffer.from(jsonText(value), 'utf8');
  }
}

function fieldsOf(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, member]) => [
    name,
    typeof member === 'string' ? member : JSON.stringify(member),
  ]);
}

/** A link that the server gave out, as it is or bent. */
function draftLink({ pool }: World, dice: Dice): Draft {
  const link = pool.link(dice) ?? '/';
  const [path = '/', query] = link.split('?');
  const draft: Draft = {
    operation: LINK,
    asker: { who: 'nobody', known: false, headers: [] },
    method: dice.chance(0.1) ? 'HEAD' : 'GET',
    path: utf8(path),
    query: query === undefined ? '' : `?${query}`,
    headers: dice.chance(0.5) ? [['Range', 'bytes=1-5']] : [],
    body: undefined,
    chunked: false,
    manner: 'whole',
    intact: false,
  };
  const bend = dice.weighted<Mutation>([
    [2, () => {}],
    [4, mutatePath],
    [4, mutateHeaders],
    [4, forge],
    [1, mutateQuery],
    [1, mutateMethod],
  ]);
  bend(dice, draft);
  if (breaksHttp(draft)) draft.manner = 'alone';
  return draft;
}

/** Another seal, expiry or name of a file in an otherwise good link. */
const forge: Mutation = (dice, draft) => {
  const digit = String(dice.whole(0, 9));
  if (dice.chance(0.5)) draft.query = draft.query.replaceAll(/\d/g, digit);
  else draft.path = draft.path.replace(/[a-f]/, digit);
};

const LINK: Operation = {
  name: 'link',
  api: 'beside',
  method: 'GET',
  path: '/',
  parameters: [],
  body: {},
  open: true,
  answers: new Map(),
};
