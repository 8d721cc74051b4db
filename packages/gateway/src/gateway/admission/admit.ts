import { codeOf, GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import { type Price, quoteFor, termsOf } from '../../domain/pricing.ts';
import type { Kind } from '../../domain/request.ts';
import type { AdmitCommand, AdmitResult, InlineStart, NewGeneration, Route } from '../../store/port.ts';
import { inSpan } from '../../telemetry/traces.ts';
import { about } from '../call-context.ts';
import type { Core } from '../core.ts';
import type { Dialect } from '../dialect.ts';
import { type Taken, takeRoute } from '../inline/choose.ts';
import { inlineLeaseUntil } from '../inline/leases.ts';
import { observeAdmitted } from '../metrics/observe.ts';
import { assertRunnable, type Model } from '../models/model.ts';
import { modelKey } from '../models/model-registry.ts';
import { routesFor } from '../routes/routes-for.ts';
import { surely } from '../surely.ts';
import { deliveriesFor } from '../webhooks/deliveries.ts';
import { findObjection } from './find-objection.ts';
import type { Submission } from './submission.ts';

/** For inline work: its routes in the order of trying, and the route that it has taken. */
export interface Begun {
  readonly routes: readonly Route[];
  readonly taken: Taken;
}

export type Admitted =
  | { readonly kind: 'admitted'; readonly generation: Generation; readonly begun?: Begun }
  | { readonly kind: 'replayed'; readonly generationId: string };

/**
 * Accepts paid work: moderation, the provider's objections, then one atomic store operation (idempotency, queue cap, hold, insert). This is
 * the only way in, for every dialect. Refused work leaves no trace and costs nothing.
 *
 * @throws GenlockError `shutting_down`, the errors of {@link assertRunnable} and {@link quoteFor}, `content_rejected`, `no_route`, the
 * provider's objection, `idempotency_conflict`, `queue_full`, `concurrency_limited`, `insufficient_credits`, `outcome_unknown` (whether it was
 * accepted)
 */
export function admit(core: Core, submission: Submission): Promise<Admitted> {
  const { traceparent } = submission.caller.call ?? {};
  return inSpan(core.traces, 'admit', traceparent, () => takeOn(core, submission), codeOf);
}

async function takeOn(core: Core, submission: Submission): Promise<Admitted> {
  if (core.draining()) throw new GenlockError('shutting_down');
  assertRunnable(submission.model);

  const generation = draft(core, submission);
  const claims = {
    generation,
    slots: submission.slots,
    ...(submission.idempotency && { idempotency: submission.idempotency }),
  };
  const routes = routesFor(core, submission.model, generation);
  await raiseObjections(core, submission, claims, routes);
  if (submission.inline !== true) return admitToStore(core, submission, claims);

  const taken = takeRoute(core, routes);
  const admitted = await admitToStore(core, submission, claims, startOf(core, taken.route)).catch((error) => {
    taken.trial.left();
    throw error;
  });
  if (admitted.kind === 'admitted') return { ...admitted, begun: { routes, taken } };
  taken.trial.left();
  return admitted;
}

/** The atomic store operation. Turns a refusal into its error. */
async function admitToStore(
  core: Core,
  { dialect, caller }: Submission,
  claims: Claims,
  start?: InlineStart,
): Promise<Admitted> {
  const { generation } = claims;
  const admitted: Generation = {
    ...generation,
    status: start === undefined ? 'queued' : 'running',
    charged: null,
    delivered: null,
    progress: null,
    inline: start !== undefined,
    deletedAt: null,
    failure: null,
    startedAt: start === undefined ? null : generation.createdAt,
    finishedAt: null,
    updatedAt: generation.createdAt,
  };
  const deliveries = await deliveriesFor(core, 'admitted', { generation: admitted, assets: [] });
  const { id } = generation;
  const result = await surely<AdmitResult>(
    core,
    id,
    () => core.store.admit({ ...claims, deliveries, ...(start && { start }) }),
    async () => (await core.store.generation(id)) && { kind: 'admitted' },
  );
  if (result.kind === 'admitted') {
    observeAdmitted(core, admitted);
    return { kind: 'admitted', generation: about(caller, admitted) };
  }
  if (result.kind === 'replayed')
    return { kind: 'replayed', generationId: about(caller, { id: result.targetId }).id };
  throw refusalOf(await firstRefusal(core, dialect, claims, result));
}

function draft(core: Core, { caller, dialect, model, ...rest }: Submission): NewGeneration {
  const now = core.now();
  const terms = termsOf(model.price ?? { unit: 'call', usd: 0 }, rest.usage);
  const quote = quoteOf(core, model, terms);
  return {
    id: dialect.newGenerationId(now, rest.request.kind),
    dialect: dialect.name,
    accountId: caller.account.id,
    keyId: caller.key.id,
    mode: caller.key.mode,
    model: model.id,
    kind: rest.request.kind,
    input: rest.input,
    request: rest.request,
    metadata: rest.metadata ?? null,
    webhook: rest.webhook ?? null,
    price: terms,
    quote: caller.key.mode === 'test' ? 0 : quote,
    retryOf: rest.retryOf ?? null,
    traceparent: caller.call?.traceparent ?? null,
    createdAt: now,
    deadlineAt: now + deadlineOf(core, model, rest.request.kind),
  };
}

/** Also called for test keys, so that they too learn that the model cannot be sold. */
function quoteOf({ log }: Core, { dialect, id }: Model, terms: Price): Micros {
  try {
    return quoteFor(terms);
  } catch (error) {
    log.error({ model: modelKey(dialect, id), err: error }, 'the model has no price for what is asked for');
    throw error;
  }
}

/** The lease keeps other processes away while this one lives. If this process dies, the next claim fails the generation. */
function startOf(core: Core, { provider, model }: Route): InlineStart {
  return { worker: core.instance, leaseUntil: inlineLeaseUntil(core), provider, model };
}

function deadlineOf(core: Core, { dialect, id }: Model, kind: Kind): number {
  const config = core.config();
  return config.models.get(modelKey(dialect, id))?.deadlineMs ?? config.deadlines[kind];
}

/**
 * Moderation and the providers may object before anything is written. Every contract checks credits first, so an objection is only reported
 * if the store would have admitted the work.
 */
async function raiseObjections(
  core: Core,
  submission: Submission,
  claims: Claims,
  routes: readonly Route[],
): Promise<void> {
  const objection = await findObjection(core, submission, routes);
  if (objection === undefined) return;
  const { dialect } = submission;
  const unsafe = objection.code === 'content_rejected';
  const before = dialect.slotsLast === true && unsafe ? { ...claims, slots: [] } : claims;
  const rehearsal = await core.store.rehearseAdmit(before);
  throw rehearsal.kind === 'admitted' || rehearsal.kind === 'replayed'
    ? objection
    : refusalOf(await firstRefusal(core, dialect, before, rehearsal));
}

type Claims = Omit<AdmitCommand, 'deliveries'>;
type Refusal = Exclude<AdmitResult, { kind: 'admitted' | 'replayed' }>;

/** The store checks slots before credits. For a contract with the opposite order, a lack of credits is reported first. */
async function firstRefusal(
  core: Core,
  { slotsLast }: Dialect,
  claims: Claims,
  refusal: Refusal,
): Promise<Refusal> {
  if (slotsLast !== true || refusal.kind !== 'slots_full') return refusal;
  const { kind } = await core.store.rehearseAdmit({ ...claims, slots: [] });
  return kind === 'insufficient_credits' ? { kind } : refusal;
}

function refusalOf(result: Refusal): GenlockError {
  switch (result.kind) {
    case 'idempotency_conflict':
      return new GenlockError('idempotency_conflict');
    case 'slots_full':
      return new GenlockError(result.refusal, undefined, {
        reason: 'concurrency',
        retryAfterMs: SLOT_RETRY_MS,
      });
    case 'insufficient_credits':
      return new GenlockError('insufficient_credits');
  }
}

/** Nobody can tell when a slot will be free; another try is worthwhile after a few seconds. */
const SLOT_RETRY_MS = 5_000;
