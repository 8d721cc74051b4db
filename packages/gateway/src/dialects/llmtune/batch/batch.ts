import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../../../domain/error.ts';
import type { BatchRequest } from '../../../domain/request.ts';
import { admit } from '../../../gateway/admission/admit.ts';
import { countTokens } from '../../../gateway/admission/count-tokens.ts';
import { findReplay } from '../../../gateway/admission/idempotency.ts';
import type { Submission } from '../../../gateway/admission/submission.ts';
import type { Core } from '../../../gateway/core.ts';
import type { Dialect } from '../../../gateway/dialect.ts';
import { assetsOf } from '../../../gateway/files/with-assets.ts';
import { callerOf } from '../../../http/caller.ts';
import { readJsonObject } from '../../../http/json-body.ts';
import { steeringOf } from '../../../http/steering.ts';
import { LOOSE_ROUTES } from '../endpoints.ts';
import { idempotencyClaim } from '../idempotency-key.ts';
import { ownGeneration } from '../own.ts';
import { sendJson } from '../send.ts';
import { type Paid, slotsOf } from '../submission.ts';
import { DEFAULT_SEED } from '../text/chat-body.ts';
import { type UsableModel, usableModel } from '../usable-model.ts';
import { readWebhookUrl } from '../webhook-url.ts';
import { type BatchOrder, readBatch } from './batch-body.ts';
import { acceptedObject, batchInput, batchObject } from './batch-object.ts';

/** Up to a hundred prompts in one job (contract section 7). */
export function batchRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  scope.post('/v1/batch/inference', async (request, reply) => {
    const caller = callerOf(request);
    const body = readJsonObject(request.body, request.headers['content-type']);
    const order = readBatch(body);
    const webhook = readWebhookUrl(core, order.webhookUrl);
    const usable = await usableModel(core, caller, order.modelId, 'inference');
    const idempotency = idempotencyClaim(core, request, caller, 'batch', body.object);
    const answer = async (id: string) =>
      sendJson(reply, acceptedObject(await ownGeneration(core, caller, id, 'batch')));
    const earlier = idempotency && (await findReplay(core, idempotency));
    if (earlier !== undefined) return answer(earlier);

    const submission = await batchSubmission({ core, dialect, caller }, usable, order, steeringOf(request));
    const admitted = await admit(core, { ...submission, webhook, idempotency });
    return admitted.kind === 'replayed'
      ? answer(admitted.generationId)
      : sendJson(reply, acceptedObject(admitted.generation));
  });

  scope.route<{ Params: { batchId: string } }>({
    method: ['GET', 'HEAD'],
    url: LOOSE_ROUTES.batch,
    handler: async (request, reply) => {
      const generation = await ownGeneration(core, callerOf(request), request.params.batchId, 'batch');
      const assets = await assetsOf(core, generation);
      return sendJson(reply, await batchObject(core, { generation, assets }));
    },
  });
}

/**
 * Holds the most that all items can cost. An item that does not fit the model, or that moderation refuses, is not accepted, costs nothing
 * and is reported with the results.
 *
 * @throws GenlockError `invalid_parameter`
 */
async function batchSubmission(
  paid: Paid,
  { model, facts }: UsableModel,
  { modelId, items }: BatchOrder,
  steering: string | undefined,
): Promise<Submission> {
  const accepted: BatchRequest['items'][number][] = [];
  const rejected: { id: string; error: string }[] = [];
  let inputTokens = 0;
  let outputTokens = 0;
  for (const [index, item] of items.entries()) {
    if (item.maxTokens > facts.contextLength)
      throw new GenlockError('invalid_parameter', `maxTokens must be at most ${facts.contextLength}.`, {
        param: `requests[${index}].maxTokens`,
      });
    if (!(await paid.core.moderator().allows([item.prompt]))) {
      rejected.push({ id: item.id, error: 'Moderation refused the prompt.' });
      continue;
    }
    const tokens = countTokens(paid.core, model, [item.prompt]);
    const room = facts.contextLength - tokens;
    if (room < 1) {
      rejected.push({ id: item.id, error: 'The prompt is longer than the context of the model.' });
      continue;
    }
    const maxTokens = Math.min(item.maxTokens, room);
    accepted.push({ ...item, maxTokens });
    inputTokens += tokens;
    outputTokens += maxTokens;
  }
  return {
    ...paid,
    model,
    input: {
      modelId,
      ...batchInput(
        items.map(({ id }) => id),
        rejected,
      ),
    },
    request: {
      kind: 'batch',
      items: accepted,
      seed: DEFAULT_SEED,
      ...(steering !== undefined && { steering }),
    },
    usage: { inputTokens, outputTokens },
    slots: slotsOf(paid),
  };
}
