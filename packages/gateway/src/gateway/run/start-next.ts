import type { CanonicalCode } from '@genlock/contracts';
import { GenlockError } from '../../domain/error.ts';
import { textsOf } from '../../domain/request.ts';
import { spread } from '../../domain/retry-decision.ts';
import { chooseRoute } from '../../domain/route-choice.ts';
import type { Route } from '../../store/port.ts';
import type { Trial } from '../routes/route-board.ts';
import { deliveriesFor } from '../webhooks/deliveries.ts';
import { attempt } from './attempt.ts';
import { beginAttempt } from './begin-attempt.ts';
import { fail } from './end.ts';
import type { Current, Job } from './job.ts';
import { historyOf, rowsOf } from './routes.ts';
import { submit } from './upstream.ts';

/** Makes the next attempt at the route whose turn it is, or waits if every route must be left alone for now. */
export async function startNext(job: Job): Promise<void> {
  const { core, generation, attempts } = job;
  const now = core.now();
  if (now >= generation.deadlineAt) return giveUp(job, 'upstream_timeout');
  const dialect = core.dialects.get(generation.dialect);
  if (dialect?.moderation === 'in_the_job' && !(await core.moderator().allows(textsOf(generation.request)))) {
    return giveUp(job, 'content_rejected');
  }
  const rows = rowsOf(core, job.routes, now);
  const { attemptsPerRoute } = core.config().retries;
  const choice = chooseRoute(rows, historyOf(core, attempts), attemptsPerRoute, now);
  if (choice.kind === 'wait') return postponeUntil(job, choice.until, now);
  const route = choice.kind === 'use' ? job.routes[choice.row] : undefined;
  if (route === undefined) return giveUp(job, 'no_route');
  // Without a pause since the choice of the route, so that of several generations that come back to a route only one is the probe.
  const trial = core.routeBoard.begin(route);
  try {
    await begin(job, route, trial);
  } finally {
    trial.left();
  }
}

async function begin(job: Job, { provider, model }: Route, trial: Trial): Promise<void> {
  const { core, generation, attempts, worker } = job;
  const now = core.now();
  const current: Current = { n: attempts.length + 1, provider, model, startedAt: now };
  // Written before the call: a crash from here on leaves an attempt of unknown fate, but never an unrecorded one.
  const deliveries = current.n > 1 ? [] : await deliveriesFor(core, 'started', { generation, assets: [] });
  const mine = await beginAttempt(core, {
    generationId: generation.id,
    worker,
    n: current.n,
    provider,
    model,
    now,
    deliveries,
  });
  if (!mine) return;
  return attempt(job, current, trial, (provider, call) => submit(job, provider, call, trial));
}

/** All routes are open or resting. Waiting loses nothing, unless it would last beyond the deadline. */
async function postponeUntil(job: Job, until: number, now: number): Promise<void> {
  const { core, generation, worker } = job;
  if (until >= generation.deadlineAt) return giveUp(job, 'upstream_unavailable');
  core.log.debug({ generation: generation.id, forMs: until - now }, 'every route is left alone for now');
  const dueAt = Math.min(now + spread(until - now, core.random()), generation.deadlineAt - 1);
  await core.store.postpone({ generationId: generation.id, worker, now, dueAt });
}

/** If an earlier call may still have to be paid, the generation must end with that error. */
function giveUp(job: Job, code: CanonicalCode): Promise<void> {
  const open = historyOf(job.core, job.attempts).some((one) => one.open === true);
  return fail(job, new GenlockError(open ? 'outcome_unknown' : code));
}
