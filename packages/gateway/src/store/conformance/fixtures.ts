import { createHash } from 'node:crypto';
import type { Bucket } from '../../domain/funds.ts';
import type {
  Account,
  AdmitCommand,
  ApiKey,
  Asset,
  AuditEntry,
  IdempotencyClaim,
  InlineStart,
  NewDelivery,
  NewGeneration,
  PendingTopUp,
  SettleCommand,
  SettleOutcome,
  SlotClaim,
  Store,
} from '../port.ts';

/** The time at which all cases start. */
export const START = 1_790_000_000_000;
export const MINUTE = 60_000;

let made = 0;

export function newId(kind: string): string {
  made += 1;
  return `${kind}_${made.toString().padStart(8, '0')}`;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function newAccount(overrides: Partial<Account> = {}): Account {
  return {
    id: newId('acc'),
    name: 'Studio',
    plan: 'pro',
    status: 'active',
    limits: {},
    createdAt: START,
    ...overrides,
  };
}

export function newKey(overrides: Partial<ApiKey> = {}): ApiKey {
  return {
    id: newId('key'),
    accountId: 'acc_unknown',
    dialect: 'kiara',
    mode: 'live',
    name: 'render farm',
    prefix: 'kia_live_ab',
    status: 'active',
    allowedOrigins: [],
    allowedIps: [],
    limits: {},
    createdAt: START,
    ...overrides,
  };
}

function newGeneration(overrides: Partial<NewGeneration> = {}): NewGeneration {
  return {
    id: newId('gen'),
    dialect: 'kiara',
    accountId: 'acc_unknown',
    keyId: 'key_1',
    mode: 'live',
    model: 'kiara-image',
    kind: 'image',
    input: { prompt: 'a lighthouse', size: '1024x1024', tags: ['sea', null, 1.5] },
    request: { kind: 'image', prompt: 'a lighthouse', count: 1, format: 'png', seed: 7 },
    metadata: null,
    webhook: null,
    price: { unit: 'image', usd: 10 },
    quote: 10,
    retryOf: null,
    createdAt: START,
    traceparent: null,
    deadlineAt: START + 10 * MINUTE,
    ...overrides,
  };
}

export function newAuditEntry(overrides: Partial<NewAuditEntry> = {}): NewAuditEntry {
  return {
    at: START,
    actor: 'admin-token:0123456789ab',
    client: 'api',
    address: '127.0.0.1',
    requestId: 'req_1',
    action: 'key.change',
    target: 'key_1',
    outcome: 'done',
    detail: null,
    ...overrides,
  };
}

type NewAuditEntry = Omit<AuditEntry, 'id'>;

export interface AdmitOverrides extends Partial<NewGeneration> {
  readonly slots?: readonly SlotClaim[];
  readonly idempotency?: IdempotencyClaim;
  readonly start?: InlineStart;
  readonly deliveries?: readonly NewDelivery[];
}

export function admission({ slots, idempotency, start, deliveries, ...rest }: AdmitOverrides): AdmitCommand {
  return {
    generation: newGeneration(rest),
    slots: slots ?? [],
    ...(idempotency === undefined ? {} : { idempotency }),
    ...(start === undefined ? {} : { start }),
    deliveries: deliveries ?? [],
  };
}

/** Admits a generation and returns its id. */
export async function admitted(store: Store, overrides: AdmitOverrides): Promise<string> {
  const command = admission(overrides);
  const result = await store.admit(command);
  if (result.kind !== 'admitted') throw new Error(`not admitted: ${result.kind}`);
  return command.generation.id;
}

/** Admits and claims a generation, which `worker` then has under lease, and returns its id. Nothing else may be due. */
export async function running(store: Store, overrides: AdmitOverrides, worker = 'w1'): Promise<string> {
  const id = await admitted(store, overrides);
  await store.claim({ worker, limit: 1, now: overrides.createdAt ?? START, leaseUntil: START + MINUTE });
  return id;
}

/** An account with money on it. */
export async function fundedAccount(
  store: Store,
  funds: Partial<Record<Bucket, number>> = { permanent: 1000 },
  id = newId('acc'),
): Promise<string> {
  const account = newAccount({ id });
  await store.createAccount(account);
  for (const bucket of ['subscription', 'permanent'] as const) {
    const amount = funds[bucket] ?? 0;
    if (amount > 0) await store.topUp({ accountId: account.id, amount, bucket, reference: null, now: START });
  }
  return account.id;
}

export function slot(name: string, max: number, refusal: SlotClaim['refusal'] = 'queue_full'): SlotClaim {
  return { slot: name, max, refusal };
}

export function idempotency(key: string, body = 'body', expiresAt: number | null = null): IdempotencyClaim {
  return { digest: sha256(key), fingerprint: sha256(body), expiresAt };
}

export function succeeded(charge: number, assets: readonly Asset[] = []) {
  return { status: 'succeeded', charge, assets } as const;
}

export const FAILED: SettleOutcome = {
  status: 'failed',
  failure: { code: 'upstream_failed', message: 'The provider failed.', requestId: 'req_1' },
};

export const CANCELED: SettleOutcome = { status: 'canceled' };

export function settlement(
  generationId: string,
  outcome: SettleOutcome,
  overrides: Partial<SettleCommand> = {},
): SettleCommand {
  return { generationId, outcome, now: START + 1000, deliveries: [], ...overrides };
}

export function newAsset(overrides: Partial<Asset> = {}): Asset {
  return {
    id: newId('asset'),
    accountId: 'acc_unknown',
    dialect: 'kiara',
    mode: 'live',
    generationId: null,
    index: 0,
    contentType: 'video/mp4',
    bytes: 12_345,
    width: 1280,
    height: 720,
    durationSeconds: 5.04,
    fps: 23.976,
    hasSound: false,
    sha256: sha256('bytes'),
    blob: newId('blob'),
    createdAt: START,
    expiresAt: START + MINUTE,
    ...overrides,
  };
}

export function newDelivery(overrides: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id: newId('whd'),
    accountId: 'acc_unknown',
    dialect: 'kiara',
    mode: 'live',
    generationId: null,
    endpointId: null,
    event: 'generation.succeeded',
    url: 'https://example.com/hook',
    sealedSecret: null,
    body: '{"text":"größer \\u0000"}',
    createdAt: START,
    ...overrides,
  };
}

export function newPendingTopUp(overrides: Partial<PendingTopUp> = {}): PendingTopUp {
  return {
    id: newId('topup'),
    accountId: 'acc_unknown',
    dialect: 'llmtune',
    mode: 'live',
    status: 'pending',
    pack: 'pack_25',
    amount: 25_000_000,
    details: { currency: 'usd', bonus: null },
    createdAt: START,
    expiresAt: START + MINUTE,
    paidAt: null,
    ...overrides,
  };
}
