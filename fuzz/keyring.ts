import { admin, type Shop } from '../chaos/customers.ts';
import type { Dice } from './dice.ts';
import { APIS } from './documents.ts';
import type { Asker } from './draft.ts';

/** What must never be shown to the callers of this run. */
export interface Keyring {
  /** `own`: the account that can pay. `other`: the account that never calls and must never be seen. */
  readonly own: string;
  readonly other: string;
  /** All accounts of this run. */
  readonly accounts: readonly string[];
  readonly keyOf: (account: 'own' | 'other', dialect: string) => string;
  readonly secrets: readonly string[];
  ask(dice: Dice, api: string): Asker;
  /** A caller with a working key. */
  usual(api: string): Asker;
}

const DIALECTS = APIS.filter((name) => name !== 'admin');
const NO_LIMITS = {
  requests_per_minute: 1_000_000,
  reads_per_minute: 1_000_000,
  video_requests_per_minute: 1_000_000,
};
/** Limits the work that valid requests cause. */
const WORK = { concurrent: 12, unfinished_jobs: 24 };

type Kind = 'own' | 'other' | 'poor' | 'test' | 'paused' | 'listed';

/** Opens the accounts and makes the keys for the requests. */
export async function makeKeyring(shop: Shop): Promise<Keyring> {
  const accounts: string[] = [];
  const account = async (usd: string, limits: object): Promise<string> => {
    const body = { name: 'fuzz', ...(usd !== '0' && { credit_usd: usd }), limits };
    const { id } = await admin<{ id: string }>(shop, 'POST', '/accounts', body);
    accounts.push(id);
    return id;
  };
  const own = await account('100000', { ...NO_LIMITS, ...WORK });
  const other = await account('100', NO_LIMITS);
  const poor = await account('0.05', { ...NO_LIMITS, ...WORK });

  const keys = new Map<string, string>();
  const make = async (kind: Kind, id: string, extra: object = {}): Promise<void> => {
    for (const dialect of DIALECTS) {
      const made = await admin<{ id: string; key: string }>(shop, 'POST', `/accounts/${id}/keys`, {
        dialect,
        ...extra,
      });
      keys.set(`${kind} ${dialect}`, made.key);
      if (kind === 'paused') await admin(shop, 'PATCH', `/keys/${made.id}`, { status: 'paused' });
    }
  };
  await make('own', own);
  await make('other', other);
  await make('poor', poor);
  await make('test', own, { mode: 'test' });
  await make('paused', own);
  await make('listed', own, {
    allowed_origins: ['https://app.example.test'],
    allowed_ips: ['203.0.113.0/24'],
  });

  const keyOf = (kind: Kind, dialect: string): string => {
    const key = keys.get(`${kind} ${dialect}`);
    if (key === undefined) throw new Error(`no key of ${kind} for ${dialect}`);
    return key;
  };
  const usual = (api: string): Asker =>
    DIALECTS.includes(api)
      ? { who: 'own', known: true, headers: [auth(api, keyOf('own', api))] }
      : { who: 'operator', known: true, headers: [auth(api, shop.adminToken)] };
  const valid = (kind: Kind, api: string): Asker => ({
    who: kind,
    known: kind !== 'paused' && kind !== 'listed',
    headers: [auth(api, keyOf(kind, api))],
  });
  const stranger = (who: string, headers: Asker['headers']): Asker => ({ who, known: false, headers });

  return {
    own,
    other,
    accounts,
    keyOf,
    secrets: [shop.adminToken, ...keys.values()],
    usual,
    ask(dice, api) {
      const anyDialect = dice.one(DIALECTS.filter((name) => name !== api));
      const good = usual(api);
      const [[name, value] = ['', '']] = good.headers;
      const secret = value.replace(/^Bearer /, '');
      const isDialect = DIALECTS.includes(api);
      return dice.weighted<() => Asker>([
        [100, () => good],
        [isDialect ? 8 : 0, () => valid('poor', api)],
        [isDialect ? 5 : 0, () => valid('test', api)],
        [isDialect ? 2 : 0, () => valid('paused', api)],
        [isDialect ? 2 : 0, () => valid('listed', api)],
        [3, () => stranger('nobody', [])],
        [
          3,
          () => ({
            ...stranger('key of another dialect', [auth(api, keyOf('own', anyDialect))]),
            known: api === 'native',
          }),
        ],
        [isDialect ? 2 : 0, () => stranger('admin token', [auth(api, shop.adminToken)])],
        [4, () => stranger('wrong key', [auth(api, dice.one(wrongKeys(secret)))])],
        [
          1,
          () => ({
            ...good,
            who: 'key twice',
            headers: [
              [name, value],
              [name, value],
            ],
          }),
        ],
        [
          1,
          () =>
            stranger('two keys', [
              [name, 'Bearer wrong'],
              [name, 'Bearer wrong too'],
            ]),
        ],
        [1, () => stranger('odd scheme', [['Authorization', dice.one(oddSchemes(secret))]])],
      ])();
    },
  };
}

function auth(api: string, key: string): readonly [string, string] {
  return api === 'skytells' ? ['x-api-key', key] : ['Authorization', `Bearer ${key}`];
}

const JWT = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsImlzQWRtaW4iOnRydWV9.';

function wrongKeys(secret: string): readonly string[] {
  return [
    '',
    'x',
    `${secret}x`,
    secret.slice(0, -1),
    `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`,
    `${secret}${secret}`,
    'null',
    'undefined',
    '__proto__',
    'constructor',
    JWT,
    `${JWT}${'A'.repeat(400)}`,
    `' OR 1=1 --`,
    'a'.repeat(6_000),
    '\xff\xfe\x80',
    '%00',
    '*',
  ];
}

function oddSchemes(secret: string): readonly string[] {
  return [
    'Bearer',
    'Bearer ',
    `Basic ${Buffer.from(`${secret}:`).toString('base64')}`,
    `Digest username="${secret}"`,
    `Bearer\t`,
    'Bearer  ,',
    'Negotiate x',
    ', ,',
  ];
}
