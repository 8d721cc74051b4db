import { callers } from '../chaos/callers.ts';
import { admin, type Shop } from '../chaos/customers.ts';
import type { Dice } from './dice.ts';
import type { Keyring } from './keyring.ts';

const KEPT = 100;
const ID = /^(?:id|\w+_id|\w+Id)$/;
const MAX_DEPTH = 6;

/** What exists on the server and can be requested: ids of the caller's own things and of somebody else's, of models, and links to files. */
export class Pool {
  /** By API and collection (the path before an id). */
  readonly #own = new Map<string, string[]>();
  readonly #models = new Map<string, readonly string[]>();
  readonly #origin: string;
  readonly links: string[] = [];
  /** Ids that must never be shown to anybody but their owner. */
  readonly others = new Map<string, string[]>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  setModels(api: string, models: readonly string[]): void {
    this.#models.set(api, models);
  }

  /** Adds the ids in an answer to somebody else. */
  addOther(api: string, answer: unknown): void {
    const ids = [...namesIn(answer)].filter(([, value]) => isId(value)).map(([, value]) => value);
    this.others.set(api, [...new Set([...(this.others.get(api) ?? []), ...ids])]);
  }

  /** Adds the ids and links in the answer of this path. */
  harvest(api: string, path: string, answer: unknown): void {
    for (const [name, value] of namesIn(answer)) {
      if (value.startsWith(`${this.#origin}/`)) keep(this.links, value.slice(this.#origin.length));
      else if (isId(value) && !this.#isOther(value))
        for (const key of [api, collectionOf(path), `${api} ${name}`]) keep(this.#ownOf(key), value);
    }
  }

  /** An id for this parameter of the path, fitting or not. */
  idIn(dice: Dice, api: string, path: string, name: string): string {
    const fitting = [
      ...this.#ownOf(collectionOf(path)),
      ...(name === 'id' ? [] : this.#ownOf(`${api} ${name}`)),
    ];
    return fitting.length > 0 && dice.chance(0.7) ? dice.one(fitting) : this.id(dice, api);
  }

  /** An own id, or somebody else's. Not for values that are stored and shown again. */
  id(dice: Dice, api: string): string {
    return dice.chance(0.4) ? orNone(dice, this.others.get(api) ?? []) : this.ownId(dice, api);
  }

  ownId(dice: Dice, api: string): string {
    return orNone(dice, this.#ownOf(dice.chance(0.8) ? api : dice.one([...this.#own.keys(), api])));
  }

  model(dice: Dice, api: string): string {
    return orNone(dice, this.#models.get(api) ?? []);
  }

  link(dice: Dice): string | undefined {
    return this.links.length === 0 ? undefined : dice.one(this.links);
  }

  /** The operator is shown ids of others, too. Sent on as an own one, such an id would be stored and shown again, and look like a leak. */
  #isOther(id: string): boolean {
    return [...this.others.values()].some((ids) => ids.includes(id));
  }

  #ownOf(key: string): string[] {
    const own = this.#own.get(key) ?? [];
    this.#own.set(key, own);
    return own;
  }
}

/** Members that may contain an id or a link, at any depth. */
function* namesIn(answer: unknown, depth = 0): Generator<readonly [string, string]> {
  if (depth > MAX_DEPTH || typeof answer !== 'object' || answer === null) return;
  for (const [name, value] of Object.entries(answer)) {
    if (typeof value !== 'string') yield* namesIn(value, depth + 1);
    else if (ID.test(name) || /^https?:/.test(value)) yield [name, value];
  }
}

function isId(value: string): boolean {
  return /^[\w.-]{6,80}$/.test(value);
}

/** `/v1/generations` and `/v1/generations/{id}/cancel` belong to the same collection. */
function collectionOf(path: string): string {
  return path.split('/{')[0] ?? path;
}

function orNone(dice: Dice, list: readonly string[]): string {
  return list.length === 0 ? 'none' : dice.one(list);
}

function keep(list: string[], value: string): void {
  if (list.includes(value)) return;
  if (list.length >= KEPT) list.shift();
  list.push(value);
}

/** A prompt that may only be shown to its owner. */
export function secretWords(whose: string): string {
  return `an umbrella that belongs to the ${whose} one`;
}

/** Fills the pool: the models, and orders of both accounts, of which the other account's must stay private. */
export async function fillPool(shop: Shop, keyring: Keyring): Promise<Pool> {
  const pool = new Pool(shop.url);
  const { data } = await admin<{ data: readonly { dialect: string; id: string }[] }>(shop, 'GET', '/models');
  for (const [dialect, models] of Map.groupBy(data, (model) => model.dialect))
    pool.setModels(
      dialect,
      models.map(({ id }) => id),
    );
  pool.setModels(
    'admin',
    data.map(({ id }) => id),
  );
  for (const id of keyring.accounts) pool.harvest('admin', '/admin/v1/accounts', { id });

  for (const whose of ['own', 'other'] as const) {
    for (const caller of callers.filter(({ kind }) => kind !== 'video')) {
      const { dialect, path } = caller;
      const key = keyring.keyOf(whose, dialect);
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
      const { webhook_url, webhook, ...body } = caller.body(secretWords(whose), '') as Record<
        string,
        unknown
      >;
      const response = await fetch(shop.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      const id = caller.id((await readJson(response)) as never);
      if (id === undefined) continue;
      const at = caller.at?.('{id}') ?? path;
      if (caller.at) await ended(shop.url + caller.at(id), headers, caller.open);
      const answer = caller.at ? await readJson(await fetch(shop.url + caller.at(id), { headers })) : { id };
      if (whose === 'own') pool.harvest(dialect, at, answer);
      else pool.addOther(dialect, answer);
      pool.harvest('admin', '/admin/v1/generations', { id });
    }
  }
  return pool;
}

async function ended(url: string, headers: Record<string, string>, open: readonly string[]): Promise<void> {
  for (;;) {
    const { status } = (await readJson(await fetch(url, { headers }))) as { status?: string };
    if (!open.includes(status ?? '')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
