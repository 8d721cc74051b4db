import type { FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import type { Model } from '../../gateway/models/model.ts';
import { bearerToken } from '../../http/bearer.ts';
import { assertAllowed, identify } from '../../http/identify.ts';
import { rateLimited, takeToken } from '../../http/limits.ts';
import { NAME } from './links.ts';
import { findSpec, type Spec } from './models.ts';
import { modelPath } from './place.ts';

/** Identifies the caller and checks whether it may use the API at all (contract sections 9 and 11.4). Runs before the body is read. */
export async function admitCaller(core: Core, request: FastifyRequest): Promise<Caller> {
  const caller = await identify(core, NAME, request, bearerToken(request.headers.authorization));
  assertAllowed(core, request, caller);
  if (caller.account.plan === 'free')
    throw new GenlockError('forbidden', 'API access is not part of the Free plan.');
  return caller;
}

/** Key, access, limit: for routes that generate nothing. */
export function guardReads(core: Core): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    request.caller = await admitCaller(core, request);
    await countCall(core, request.caller, 'reads_per_minute');
  };
}

/** Key, access, model: for routes with the model in their path. */
export function guardCreates(core: Core): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const path = modelPath(request);
    // A path of one segment names a task, and tasks can only be read.
    if (!path.includes('/')) throw new GenlockError('route_not_found');
    request.caller = await admitCaller(core, request);
    findServed(core, path);
  };
}

export interface Served {
  readonly spec: Spec;
  readonly model: Model;
}

/** @throws GenlockError `model_not_found`, also for a model that is switched off */
export function findServed(core: Core, id: string): Served {
  const spec = findSpec(id);
  const model = core.models.find(NAME, id);
  if (spec === undefined || model === undefined || model.status === 'inactive')
    throw new GenlockError('model_not_found', 'This provider and model pair is not supported.');
  return { spec, model };
}

/** Counts a call. @throws GenlockError `rate_limited` */
export async function countCall(
  core: Core,
  caller: Caller,
  name: 'reads_per_minute' | 'requests_per_minute',
): Promise<void> {
  const verdict = await takeToken(core, caller, name);
  if (verdict?.allowed === false) throw rateLimited(verdict);
}
