import { GenlockError } from '../../domain/error.ts';
import { textsOf } from '../../domain/request.ts';
import { mayDoElsewhere } from '../../domain/retry-decision.ts';
import type { Preflight } from '../../providers/port.ts';
import type { Route } from '../../store/port.ts';
import type { Core } from '../core.ts';
import { routeObjection } from '../inline/choose.ts';
import type { Submission } from './submission.ts';

/** What moderation or a provider objects to in work that is about to be admitted; undefined: nothing. */
export async function findObjection(
  core: Core,
  { dialect, request, caller, inline }: Submission,
  routes: readonly Route[],
): Promise<GenlockError | undefined> {
  // Inline work is always moderated now, because it has no job that could later end with the refusal.
  const now = dialect.moderation === 'at_submission' || inline === true;
  if (now && !(await core.moderator().allows(textsOf(request)))) {
    return new GenlockError('content_rejected', undefined, { reason: 'words' });
  }
  const none = inline === true ? routeObjection(core, routes) : undefined;
  if (none !== undefined) return none;
  return askProviders(core, routes, { mode: caller.key.mode, request, tellable: dialect.tellable });
}

/** The first provider's objection stands, unless another provider might accept the work. */
async function askProviders(
  core: Core,
  routes: readonly Route[],
  work: Omit<Preflight, 'model'>,
): Promise<GenlockError | undefined> {
  let objection: GenlockError | undefined;
  for (const { provider, model } of routes) {
    objection = await objectionOf(core, provider, { ...work, model });
    if (objection === undefined || !mayDoElsewhere(objection.code)) return objection;
  }
  return objection ?? new GenlockError('no_route');
}

async function objectionOf(core: Core, name: string, work: Preflight): Promise<GenlockError | undefined> {
  try {
    await core.providers.get(name)?.preflight?.(work);
    return undefined;
  } catch (thrown) {
    return GenlockError.from(thrown, 'upstream_failed');
  }
}
