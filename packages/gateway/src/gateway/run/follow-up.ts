import { callKey } from '../../domain/call-key.ts';
import type { Attempt, AttemptOutcome, Generation } from '../../domain/generation.ts';
import { isAmount, type Micros } from '../../domain/money.ts';
import type { PollReply, Provider, ProviderCall } from '../../providers/port.ts';
import type { Core } from '../core.ts';
import { readArtifact } from '../files/sources.ts';
import { observeRoute } from '../metrics/observe.ts';

/** An attempt that was still under way when its generation ended. */
export interface Abandoned {
  readonly n: number;
  readonly provider: string;
  readonly model: string;
  readonly upstreamId: string | null;
}

/** A name that is unique among all attempts. */
export function attemptName(generationId: string, n: number): string {
  return `${generationId} ${n}`;
}

interface Finding {
  readonly outcome: AttemptOutcome;
  readonly upstreamId?: string;
  readonly cost?: Micros | undefined;
}

/** The time limit of one question to a provider. */
const PATIENCE_MS = 10_000;
/** How long an abandoned attempt is followed. After that no provider will still answer. */
const FOLLOWED_MS = 60 * 60 * 1000;

/**
 * One look at an attempt whose generation failed or was canceled: the upstream is asked to cancel, and the attempt's fate is stored. A
 * result that exists after all is `late`: it may have to be paid, although its caller was told otherwise and was charged nothing. Never
 * throws, because there will be another look.
 */
export async function followUp(
  core: Core,
  generation: Generation,
  attempt: Abandoned,
  signal?: AbortSignal,
): Promise<void> {
  const fields = { generation: generation.id, attempt: attempt.n, provider: attempt.provider };
  try {
    const { outcome, upstreamId, cost } = await look(core, generation, attempt, signal);
    const over = core.now() - (generation.finishedAt ?? core.now()) > FOLLOWED_MS;
    const told = outcome === 'abandoned' && over ? 'outcome_unknown' : outcome;
    if (told !== 'abandoned') core.providers.drop(attemptName(generation.id, attempt.n));
    else if (upstreamId === undefined) return;
    const resolved = await core.store.resolveAttempt({
      generationId: generation.id,
      n: attempt.n,
      outcome: told,
      ...(upstreamId !== undefined && { upstreamId }),
      cost,
      now: core.now(),
    });
    if (resolved) observeRoute(core, generation, attempt, { cost });
    if (resolved && told !== 'abandoned') core.metrics.abandoned.of(attempt.provider, told).add();
    if (resolved && (told === 'late' || told === 'outcome_unknown'))
      core.log.warn({ ...fields, outcome: told }, 'an attempt that brought nothing may have to be paid');
  } catch (error) {
    core.log.warn({ ...fields, err: error }, 'what became of an attempt could not be found out');
  }
}

async function look(
  core: Core,
  generation: Generation,
  attempt: Abandoned,
  signal?: AbortSignal,
): Promise<Finding> {
  const held =
    core.providers.kept(attemptName(generation.id, attempt.n)) ?? core.providers.hold(attempt.provider);
  if (held === undefined) return { outcome: 'abandoned' };
  try {
    return await ask(core, generation, attempt, held.provider, signal);
  } finally {
    held.release();
  }
}

async function ask(
  core: Core,
  generation: Generation,
  attempt: Abandoned,
  provider: Provider,
  signal?: AbortSignal,
): Promise<Finding> {
  const call = callOf(core, generation, attempt, await core.store.attempts(generation.id), signal);
  const { upstreamId } = attempt;
  if (upstreamId !== null) return { upstreamId, ...(await end(provider, call, upstreamId)) };
  const { free, lookup } = provider.capabilities;
  if (free === true) return { outcome: 'canceled' };
  if (!lookup) return { outcome: 'outcome_unknown' };
  const found = (await provider.find?.(call)) ?? 'unknown';
  if (found === 'unknown') return { outcome: 'abandoned' };
  if (found === 'never_arrived') return { outcome: 'failed' };
  return { upstreamId: found.upstreamId, ...(await end(provider, call, found.upstreamId)) };
}

/** Asks the upstream to cancel if the work still goes on. Returns what became of it. */
async function end(provider: Provider, call: ProviderCall, upstreamId: string): Promise<Finding> {
  const before = await provider.poll?.(upstreamId, call);
  const known = before && ended(before);
  if (known !== undefined) return known;
  if (!provider.capabilities.cancel || provider.cancel === undefined) return { outcome: 'abandoned' };
  await provider.cancel(upstreamId);
  const after = await provider.poll?.(upstreamId, call).catch(() => undefined);
  // It accepted the cancellation and no longer knows the job.
  return after === undefined ? { outcome: 'canceled' } : (ended(after) ?? { outcome: 'abandoned' });
}

function ended(reply: PollReply): Finding | undefined {
  if (reply.state === 'failed') return { outcome: 'canceled' };
  if (reply.state !== 'finished') return undefined;
  const { cost } = reply;
  return { outcome: 'late', cost: cost !== undefined && isAmount(cost) ? cost : undefined };
}

function callOf(
  core: Core,
  { id, mode, request }: Generation,
  attempt: Abandoned,
  attempts: readonly Attempt[],
  signal?: AbortSignal,
): ProviderCall {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  return {
    idempotencyKey: callKey(id, attempt, attempts),
    attempt: attempt.n,
    model: attempt.model,
    mode,
    request,
    fetchSource: () => Promise.reject(new Error('nothing is sent any more')),
    readArtifact: (name) => readArtifact(core, name),
    tell: () => {},
    signal: signal === undefined ? patience : AbortSignal.any([patience, signal]),
  };
}
