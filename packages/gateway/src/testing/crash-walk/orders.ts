import { hash } from 'node:crypto';
import { GenlockError } from '../../domain/error.ts';
import type { TerminalStatus } from '../../domain/generation.ts';
import type { Price } from '../../domain/pricing.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { admit } from '../../gateway/admission/admit.ts';
import type { Submission } from '../../gateway/admission/submission.ts';
import { cancel } from '../../gateway/cancel.ts';
import { runInline } from '../../gateway/inline/inline.ts';
import type { Delivered, Provider, ProviderCall, TextEvent } from '../../providers/port.ts';
import { picture, type Step, scripted } from '../scripted-provider.ts';
import { CLIP, type Process, until } from './process.ts';

/** What the upstreams and the caller of one order saw. They outlive the processes. */
export interface Seen {
  /** The keys of the calls that were accepted, one for each. */
  bought: string[];
  canceled: string[];
  polls: number;
  /** The events that the waiting caller has received. */
  told: TextEvent['type'][];
}

/** Two writes, by name and number. */
export type Span = readonly [after: string, upTo: string];

/** An order and its possible outcomes, wherever the processes that work on it die. */
export interface Order {
  readonly name: string;
  readonly price: Price;
  readonly providers: (seen: Seen) => Provider[];
  readonly work: Pick<Submission, 'request' | 'usage'> & Partial<Pick<Submission, 'webhook' | 'inline'>>;
  /** What the caller does after the order; repeated if there was no answer. */
  readonly followUp?: (process: Process, id: string, seen: Seen) => Promise<void>;
  /** How it ends if no process dies. */
  readonly ends: TerminalStatus;
  /** Between these two writes it is unknown what became of a paid call: a death there, and only there, fails the work. */
  readonly unknown: readonly Span[];
  /** If it succeeds. */
  readonly charge: number;
  readonly files: number;
  /** The calls to be paid: at most one; any number under one key; or none. */
  readonly buys: 'once' | 'by key' | 'free';
}

const RECEIVER = { url: 'https://receiver.example/hook' };
const PER_IMAGE: Price = { unit: 'image', usd: 100 };
const PER_TOKEN: Price = { unit: 'token', usd: 1_000_000, outputUsd: 1_000_000 };
export function nothingSeen(): Seen {
  return { bought: [], canceled: [], polls: 0, told: [] };
}

const image = (count = 1): Order['work'] => ({
  request: { kind: 'image', prompt: 'a red mug', count, format: 'png', width: 1, height: 1, seed: 1 },
  usage: { images: count },
});

const UNTIL_NOTED: readonly Span[] = [['beginAttempt 1', 'noteUpstreamId 1']];

const IMAGE = {
  price: PER_IMAGE,
  work: image(),
  ends: 'succeeded',
  unknown: [['beginAttempt 1', 'settle 1']],
  charge: 100,
  files: 1,
  buys: 'once',
} as const satisfies Partial<Order>;

/** Answers at once. */
const answers =
  (seen: Seen, result: Delivered = picture) =>
  (call: ProviderCall) => {
    seen.bought.push(call.idempotencyKey);
    return { ...result, state: 'finished' } as const;
  };

/** Accepts the work, and has finished it at the second poll. */
const polled = (name: string, seen: Seen, result: Delivered = picture, more: Partial<Provider> = {}) =>
  scripted(
    name,
    [
      ({ idempotencyKey }) => {
        seen.bought.push(idempotencyKey);
        return { state: 'accepted', upstreamId: `up ${idempotencyKey}`, pollAfterMs: 0 };
      },
    ],
    more.capabilities,
    {
      poll: async (upstreamId, { tell }) => {
        seen.polls += 1;
        if (seen.polls % 2 === 0) return { ...result, state: 'finished' };
        tell({ percent: 50, metrics: {} });
        return { state: 'accepted', upstreamId, pollAfterMs: 0 };
      },
      ...more,
    },
  );

const refused = (): never => {
  throw new GenlockError('model_misconfigured');
};

const batch: Delivered = {
  outputs: [
    {
      bytes: Buffer.from(
        JSON.stringify({
          items: [
            { id: 'a', text: 'one', inputTokens: 3, outputTokens: 2, finishReason: 'stop' },
            { id: 'b', error: 'refused' },
          ],
        }),
      ),
      contentType: 'application/json',
    },
  ],
  usage: { inputTokens: 3, outputTokens: 2 },
};

const sampling = { maxTokens: 8, temperature: 0 };

export const ORDERS: readonly Order[] = [
  {
    ...IMAGE,
    name: 'a job at a provider that is polled',
    providers: (seen) => [polled('up', seen)],
    unknown: UNTIL_NOTED,
  },
  {
    ...IMAGE,
    name: 'a job that is answered at once, with less than was ordered',
    work: { ...image(2), webhook: RECEIVER },
    providers: (seen) => [scripted('up', [answers(seen)])],
  },
  {
    ...IMAGE,
    name: 'a job at a provider that honours our key',
    providers: (seen) => [scripted('up', [answers(seen)], { safeToResend: true })],
    unknown: [],
    buys: 'by key',
  },
  {
    ...IMAGE,
    name: 'a job at a provider that can be asked what became of a call',
    providers: (seen) => {
      const find: Provider['find'] = async ({ idempotencyKey: key }) =>
        seen.bought.includes(key) ? { upstreamId: `up ${key}` } : 'never_arrived';
      const capabilities = { safeToResend: false, lookup: true, cancel: false };
      return [polled('up', seen, picture, { find, capabilities })];
    },
    unknown: [],
  },
  {
    ...IMAGE,
    name: 'a job at a provider that is free',
    providers: (seen) => [scripted('up', [answers(seen)], { free: true, safeToResend: true })],
    unknown: [],
    buys: 'free',
  },
  {
    ...IMAGE,
    name: 'a job whose first route fails',
    providers: (seen) => [scripted('down', [refused]), scripted('up', [answers(seen)])],
    unknown: [
      ['beginAttempt 1', 'postpone 1'],
      ['beginAttempt 2', 'settle 1'],
    ],
  },
  {
    ...IMAGE,
    name: 'a job whose process is told to stop in the middle of the call',
    providers: (seen) => {
      const first = ({ signal }: ProviderCall): Promise<never> =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      const step: Step = (call) => {
        const answer = answers(seen)(call);
        return seen.bought.length === 1 ? first(call) : answer;
      };
      return [scripted('up', [step], { safeToResend: true })];
    },
    followUp: async ({ core, restart }, id, seen) => {
      const hasEnded = async () => (await core.store.generation(id))?.finishedAt !== null;
      await until(() => seen.bought.length > 0 || hasEnded());
      await restart();
    },
    unknown: [],
    buys: 'by key',
  },
  {
    ...IMAGE,
    name: 'a job that is canceled',
    work: { ...image(), webhook: RECEIVER },
    providers: (seen) => [
      polled('up', seen, picture, {
        capabilities: { safeToResend: false, lookup: false, cancel: true },
        poll: async (upstreamId) => {
          seen.polls += 1;
          return seen.canceled.includes(upstreamId)
            ? { state: 'failed', error: new GenlockError('upstream_failed') }
            : { state: 'accepted', upstreamId, pollAfterMs: 5 };
        },
        cancel: async (upstreamId) => void seen.canceled.push(upstreamId),
      }),
    ],
    followUp: async ({ core }, id, seen) => {
      const hasEnded = async () => (await core.store.generation(id))?.finishedAt !== null;
      await until(async () => seen.polls > 0 || hasEnded());
      if (!(await hasEnded())) await cancel(core, id, 'unfinished');
    },
    ends: 'canceled',
    unknown: UNTIL_NOTED,
    files: 0,
  },
  {
    name: 'a video with a webhook',
    price: { unit: 'second', usd: 25 },
    work: {
      request: { kind: 'video', prompt: 'the sea', width: 1, height: 1, seconds: 4, sound: false, seed: 1 },
      usage: { seconds: 4 },
      webhook: RECEIVER,
    },
    providers: (seen) => [
      polled('up', seen, { outputs: [{ bytes: new Uint8Array([CLIP]), contentType: 'video/mp4' }] }),
    ],
    ends: 'succeeded',
    unknown: UNTIL_NOTED,
    charge: 100,
    files: 1,
    buys: 'once',
  },
  {
    name: 'a batch',
    price: PER_TOKEN,
    work: {
      request: {
        kind: 'batch',
        items: ['a', 'b'].map((id) => ({ ...sampling, id, prompt: 'say one' })),
        seed: 1,
      },
      usage: { inputTokens: 20, outputTokens: 16 },
    },
    providers: (seen) => [polled('up', seen, batch)],
    ends: 'succeeded',
    unknown: UNTIL_NOTED,
    charge: 5,
    files: 1,
    buys: 'once',
  },
  {
    name: 'a chat whose caller waits',
    price: PER_TOKEN,
    work: {
      request: { kind: 'text', messages: [{ role: 'user', content: 'hello' }], ...sampling, seed: 1 },
      usage: { inputTokens: 20, outputTokens: 8 },
      inline: true,
    },
    providers: (seen) => {
      async function* stream({ idempotencyKey }: ProviderCall): AsyncGenerator<TextEvent> {
        seen.bought.push(idempotencyKey);
        yield { type: 'delta', text: 'Hi.', outputTokens: 2 };
        yield { type: 'end', finishReason: 'stop', inputTokens: 3, outputTokens: 2 };
      }
      return [scripted('up', [], {}, { stream })];
    },
    ends: 'succeeded',
    unknown: [['admit 1', 'settle 1']],
    charge: 5,
    files: 0,
    buys: 'once',
  },
];

/** Orders under a key until there is an answer, as a client does. Returns the id of what the key made. */
export async function place(
  { core }: Process,
  caller: Caller,
  { work }: Order,
  key: string,
  seen: Seen,
): Promise<string> {
  const digest = hash('sha256', key);
  const submission: Submission = {
    ...{ caller, dialect: core.dialect, input: {}, ...work },
    model: core.models.find('stub', 'painter') ?? never(),
    // A slot that is not freed would refuse the next order.
    slots: [{ slot: 'only one', max: 1, refusal: 'queue_full' }],
    idempotency: { digest, fingerprint: hash('sha256', 'the same'), expiresAt: null },
  };
  if (work.inline === true) await converse(core, submission, seen);
  else await admit(core, submission);
  return (await core.store.idempotencyRecord(digest, core.now()))?.targetId ?? never();
}

/** Reads to the end. If a process that died had begun it, the order is refused, and its outcome is looked up. */
async function converse(core: Process['core'], submission: Submission, { told }: Seen): Promise<void> {
  try {
    const { events } = await runInline(core, submission, new AbortController().signal);
    for await (const { type } of events) told.push(type);
  } catch (error) {
    if (!(error instanceof GenlockError) || error.code !== 'idempotency_conflict') throw error;
  }
}

function never(): never {
  throw new Error('cannot be');
}
