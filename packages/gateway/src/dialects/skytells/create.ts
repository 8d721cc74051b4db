import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Generation, WebhookTarget } from '../../domain/generation.ts';
import { type Caller, limitOf } from '../../gateway/accounts/authenticate.ts';
import { admit } from '../../gateway/admission/admit.ts';
import type { Core } from '../../gateway/core.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { patiently } from '../../gateway/surely.ts';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { jobSecretContext } from '../../gateway/webhooks/webhook-secrets.ts';
import { callerOf } from '../../http/caller.ts';
import { readJsonObject } from '../../http/json-body.ts';
import { steeringOf } from '../../http/steering.ts';
import { checkCombinations, checkInput, checkPlan } from './check-input.ts';
import { type CreateBody, readCreateBody } from './create-body.ts';
import { findModel, type KnownModel } from './find-model.ts';
import { secretOf, WINDOW_SECONDS } from './guard.ts';
import { NAME } from './links.ts';
import { withOwnFiles } from './own-files.ts';
import { moveTo, tellDetails } from './place.ts';
import { assertServed, view } from './predictions.ts';
import { canonicalInput } from './request.ts';
import { sendJson } from './send.ts';
import { sourceAsset } from './source-asset.ts';

/** The SDK gives up after 60 s (contract section 11). */
const AWAIT_MS = 55_000;

/** Create (contract section 3). All SDKs call the first path, the documentation names the second. */
export function createRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  for (const url of ['/predict', '/predictions']) {
    scope.post(url, { config: { skytellsPlace: 'create' } }, async (request, reply) => {
      const caller = callerOf(request);
      const body = readCreateBody(core, readJsonObject(request.body, request.headers['content-type']).object);
      const known = runnable(findModel(core, body.model));
      if (known.spec.type !== 'image') moveTo(request, 'create_timed');
      const generation = await submit(core, dialect, { request, caller, body, known });
      // Clips and sounds take longer than any client holds a connection.
      const waits = body.await && known.spec.type === 'image';
      return sendJson(
        reply,
        await ordered(core, waits ? await held(core, reply, generation) : generation, generation),
      );
    });
  }
}

/** Steps 6 to 8. @throws GenlockError `model_inactive`, `model_not_billable`, `model_unsupported` */
function runnable(known: KnownModel): KnownModel {
  const { spec, model } = known;
  const param = 'model';
  if (model.status !== 'active')
    throw new GenlockError('model_inactive', 'The model is switched off.', { param });
  if (!model.billable || model.price === null)
    throw new GenlockError('model_not_billable', 'The model has no price.', { param });
  if (spec.type === 'text')
    throw new GenlockError('model_unsupported', 'Predictions take image, video and audio models only.', {
      param,
    });
  return known;
}

interface Create {
  readonly request: FastifyRequest;
  readonly caller: Caller;
  readonly body: CreateBody;
  readonly known: KnownModel;
}

/** Steps 9 to 15, after the check by the model's schema. */
async function submit(core: Core, dialect: Dialect, create: Create): Promise<Generation> {
  const { request, caller, body, known } = create;
  const { spec, model } = known;
  const { input } = body;
  checkInput(core, spec, input);
  checkCombinations(model, input);
  if (body.await && body.stream)
    throw new GenlockError('parameter_conflict', 'await and stream exclude each other.', { param: 'stream' });
  checkPlan(model, caller.account.plan, input);
  const resolved = await withOwnFiles(core, caller, spec, input);
  const source = await sourceAsset(core, caller, known, resolved);

  const steering = steeringOf(request);
  const canonical = canonicalInput({ spec, input: resolved, source, random: core.random(), steering });
  const max = limitOf('concurrent', caller, core.config().dialects[NAME]?.limits ?? {});
  try {
    const admitted = await admit(core, {
      caller,
      dialect,
      model,
      input,
      ...canonical,
      metadata: { stream: body.stream },
      webhook: body.webhook && signed(core, request, caller, body.webhook),
      // Counted per account, for each model (section 10).
      slots:
        max === undefined
          ? []
          : [{ slot: `${caller.account.id}:${NAME}/${model.id}`, max, refusal: 'concurrency_limited' }],
    });
    // Cannot happen: there are no idempotency keys here.
    if (admitted.kind === 'replayed') throw new GenlockError('internal_error');
    return admitted.generation;
  } catch (thrown) {
    if (GenlockError.from(thrown).code === 'concurrency_limited')
      tellDetails(request, {
        scope: 'concurrency',
        model: model.id,
        limit: max ?? null,
        window: WINDOW_SECONDS,
      });
    throw thrown;
  }
}

/** Accounts on the enterprise plan have a secret of their own; for others the API key that made the prediction signs (section 8). */
function signed(
  core: Core,
  request: FastifyRequest,
  { account }: Caller,
  webhook: WebhookTarget,
): WebhookTarget {
  const key = secretOf(request);
  if (account.plan === 'enterprise' || key === undefined) return webhook;
  return { ...webhook, sealedSecret: core.secrets.seal(key, jobSecretContext(account.id)) };
}

/** A prediction that is paid for must not be reported as failed because its files cannot be read. It is then shown as it was admitted. */
async function ordered(core: Core, now: Generation, admitted: Generation): Promise<object> {
  try {
    return await patiently(core, now.id, () => view(core, now));
  } catch {
    return view(core, admitted);
  }
}

/**
 * Waits until the prediction has ended, or until the caller's time is over. @throws GenlockError if the provider behind the model failed
 * meanwhile
 */
async function held(core: Core, reply: FastifyReply, { id, ...rest }: Generation): Promise<Generation> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  reply.raw.once('close', leave);
  try {
    const generation = (await waitForEnd(core, id, AWAIT_MS, gone.signal)) ?? { id, ...rest };
    assertServed(generation);
    return generation;
  } finally {
    reply.raw.off('close', leave);
  }
}
