import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import { type Caller, limitOf } from '../../gateway/accounts/authenticate.ts';
import { type Admitted, admit } from '../../gateway/admission/admit.ts';
import { findReplay } from '../../gateway/admission/idempotency.ts';
import type { Core } from '../../gateway/core.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { callerOf } from '../../http/caller.ts';
import { readJsonObject } from '../../http/json-body.ts';
import { steeringOf } from '../../http/steering.ts';
import type { SlotClaim } from '../../store/port.ts';
import { nameParam } from './failure.ts';
import { idempotencyClaim } from './idempotency-key.ts';
import { NAME } from './links.ts';
import type { ReadSubmission } from './request.ts';

/**
 * Admits a submission, or finds the one that an earlier call under the same key made. The order of section 10: body, balance, safety,
 * concurrency, run.
 *
 * @throws GenlockError for an invalid body, and as `admit`
 */
export async function submit(
  core: Core,
  dialect: Dialect,
  request: FastifyRequest,
  read: ReadSubmission,
): Promise<Admitted> {
  const caller = callerOf(request);
  const body = readJsonObject(request.body, request.headers['content-type']);
  const idempotency = idempotencyClaim(core, request, request.routeOptions.url ?? '', body.object);
  const earlier = idempotency && (await findReplay(core, idempotency));
  if (earlier !== undefined) return { kind: 'replayed', generationId: earlier };
  const submission = await read(core, caller, body, steeringOf(request));
  try {
    const slots = slotsOf(core, caller);
    return await admit(core, { ...submission, caller, dialect, slots, idempotency });
  } catch (thrown) {
    throw nameParam(GenlockError.from(thrown), submission.request.sources?.length ?? 0);
  }
}

/** Unfinished images and videos of the whole workspace (contract section 10). */
function slotsOf(core: Core, caller: Caller): readonly SlotClaim[] {
  const max = limitOf('concurrent', caller, core.config().dialects[NAME]?.limits ?? {});
  return max === undefined
    ? []
    : [{ slot: `${caller.account.id}:${NAME}:concurrent`, max, refusal: 'concurrency_limited' }];
}
