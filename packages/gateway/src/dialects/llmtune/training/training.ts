import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../../domain/error.ts';
import type { Generation } from '../../../domain/generation.ts';
import type { Usage } from '../../../domain/pricing.ts';
import { admit } from '../../../gateway/admission/admit.ts';
import { findReplay } from '../../../gateway/admission/idempotency.ts';
import { cancel } from '../../../gateway/cancel.ts';
import type { Core } from '../../../gateway/core.ts';
import type { Dialect } from '../../../gateway/dialect.ts';
import { callerOf } from '../../../http/caller.ts';
import { readJsonObject } from '../../../http/json-body.ts';
import { steeringOf } from '../../../http/steering.ts';
import { idempotencyClaim } from '../idempotency-key.ts';
import { ownGeneration } from '../own.ts';
import { sendJson } from '../send.ts';
import { slotsOf } from '../submission.ts';
import { usableModel } from '../usable-model.ts';
import { readWebhookUrl } from '../webhook-url.ts';
import { countDataset, datasetUrl } from './dataset.ts';
import { readTraining } from './training-body.ts';
import { cancelledObject, startedObject, trainingObject } from './training-object.ts';

interface WithId {
  Params: { jobId: string };
}

/** Fine-tuning, under its present and its older paths (contract sections 3 and 10). */
export function trainingRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  for (const url of ['/api/fine-tune/training/start', '/v1/fine-tune'])
    scope.post(url, (request, reply) => start(core, dialect, request, reply));

  for (const url of ['/api/training/:jobId', '/v1/fine-tune/:jobId']) {
    scope.route<WithId>({
      method: ['GET', 'HEAD'],
      url,
      handler: async (request, reply) =>
        sendJson(
          reply,
          trainingObject(await ownGeneration(core, callerOf(request), request.params.jobId, 'training')),
        ),
    });
  }

  scope.post<WithId>('/api/training/:jobId/cancel', async (request, reply) => {
    const { id, status } = await ownGeneration(core, callerOf(request), request.params.jobId, 'training');
    if (status === 'succeeded' || status === 'failed')
      throw new GenlockError('invalid_state', 'The job has ended and cannot be cancelled.');
    return sendJson(reply, cancelledObject(await cancel(core, id, 'unfinished', trained)));
  });
}

async function start(
  core: Core,
  dialect: Dialect,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const caller = callerOf(request);
  const body = readJsonObject(request.body, request.headers['content-type']);
  const order = readTraining(body);
  const webhook = readWebhookUrl(core, order.webhookUrl);
  const { model } = await usableModel(core, caller, order.baseModel, 'fine-tune');
  const url = datasetUrl(core, order.dataset);
  const idempotency = idempotencyClaim(core, request, caller, 'training', body.object);
  const answer = async (id: string) =>
    sendJson(reply, startedObject(await ownGeneration(core, caller, id, 'training')));
  const earlier = idempotency && (await findReplay(core, idempotency));
  if (earlier !== undefined) return answer(earlier);

  const { dataset, method, epochs, batchSize, learningRate } = order;
  const datasetTokens = await countDataset(core, model, url);
  const steering = steeringOf(request);
  const admitted = await admit(core, {
    caller,
    dialect,
    model,
    input: {
      baseModel: model.id,
      dataset,
      trainingMethod: method,
      hyperparameters: { learningRate, epochs, batchSize },
    },
    request: {
      kind: 'training',
      method,
      datasetUrl: url,
      datasetTokens,
      epochs,
      batchSize,
      learningRate,
      seed: 0,
      ...(steering !== undefined && { steering }),
    },
    usage: { inputTokens: datasetTokens * epochs, outputTokens: 0 },
    slots: slotsOf({ core, dialect, caller }),
    webhook,
    idempotency,
  });
  return admitted.kind === 'replayed'
    ? answer(admitted.generationId)
    : sendJson(reply, startedObject(admitted.generation));
}

/** The tokens trained on until now, which are charged (contract section 10), as far as the trainer has reported them. */
function trained({ progress }: Generation): Usage {
  return { inputTokens: progress?.metrics.totalTokens ?? 0, outputTokens: 0 };
}
