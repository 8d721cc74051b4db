import type { Dice } from './dice.ts';
import { APIS, type Api, type Operation } from './documents.ts';
import type { Asker, Draft } from './draft.ts';
import { jsonText } from './json-text.ts';
import type { Keyring } from './keyring.ts';
import { fileBytes, multipart } from './multipart.ts';
import { ODD_DIRECTIVES, STRINGS } from './nasty.ts';
import type { Pool } from './pool.ts';
import { type Sampling, sample } from './sample.ts';

export interface World {
  readonly host: string;
  readonly apis: readonly Api[];
  readonly keyring: Keyring;
  readonly pool: Pool;
  /** URLs that must not be fetched, or that harm whoever fetches them. */
  readonly badUrls: readonly string[];
  /** URLs that may be fetched. */
  readonly goodUrls: readonly string[];
}

/** Directives whose outcome needs no rendering. */
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

/** A request that fits the description of an operation, mostly valid. */
export interface Plain {
  readonly draft: Draft;
  /** The content of the body, if it is JSON. */
  readonly json?: unknown;
}

export function plainRequest(world: World, dice: Dice, operation: Operation, asker: Asker): Plain {
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
    intact: true,
  };
  const types = Object.entries(operation.body);
  if (types.length === 0) return { draft };
  const [type, schema] = dice.one(types);
  const value = sample(sampling, schema);
  if (type === JSON_TYPE) {
    draft.headers.push(['Content-Type', type]);
    return { draft, json: value };
  }
  const file = {
    type: type.replace('*', dice.one(['png', 'jpeg', 'mp4', 'x', 'svg+xml'])),
    body: fileBytes(dice),
  };
  const form = type.startsWith('multipart/') ? multipart(dice, fieldsOf(value)) : file;
  draft.headers.push(['Content-Type', form.type]);
  draft.body = form.body;
  return { draft };
}

export function bodyOf(json: unknown): Buffer {
  return Buffer.from(jsonText(json), 'utf8');
}

export function takesJson({ body }: Operation): boolean {
  return Object.hasOwn(body, JSON_TYPE);
}

const JSON_TYPE = 'application/json';

function samplingOf({ apis, pool, badUrls, goodUrls }: World, dice: Dice, { api }: Operation): Sampling {
  return {
    dice,
    optional: dice.one([0, 0.1, 0.3]),
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
      id: () => pool.ownId(dice, api),
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
    const before = path.slice(0, at + whole.length);
    const value = model && !reads ? pool.model(dice, api) : pool.idIn(dice, api, before, name);
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
  // Calls without a valid key are counted by address; many from one address would only be told to wait.
  if (!known || dice.chance(0.1))
    headers.push(['X-Forwarded-For', `10.${dice.whole(0, 255)}.${dice.whole(0, 255)}.${dice.whole(1, 254)}`]);
  if (takes('Idempotency-Key') && dice.chance(0.2))
    headers.push(['Idempotency-Key', dice.chance(0.3) ? 'the-same-for-all' : `key-${dice.whole(0, 1e9)}`]);
  if (takes('Range') && dice.chance(0.3)) headers.push(['Range', 'bytes=0-3']);
  if (takes('Prefer') && dice.chance(0.3))
    headers.push(['Prefer', dice.one(['wait=1', 'respond-async', 'wait=2'])]);
  const orders = api !== 'admin' && Object.keys(body).length > 0;
  if (orders && dice.chance(0.94)) headers.push(['Genlock-Sandbox', dice.one(CHEAP)]);
  return headers;
}

function fieldsOf(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, member]) => [
    name,
    typeof member === 'string' ? member : JSON.stringify(member),
  ]);
}
