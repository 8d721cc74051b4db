import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import { isOwnGeneration } from '../../gateway/accounts/own.ts';
import { about } from '../../gateway/call-context.ts';
import type { Core } from '../../gateway/core.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { patiently } from '../../gateway/surely.ts';
import { callerOf } from '../../http/caller.ts';
import { awaitImage } from './await-image.ts';
import { failureError, failureObject } from './failure.ts';
import { NAME } from './links.ts';
import { countSubmission, showVideoWindow } from './rate-limits.ts';
import { readImageRequest, readVideoRequest } from './request.ts';
import { completedObject } from './result.ts';
import { sendJson } from './send.ts';
import { submit } from './submit.ts';

/** Submissions, and reads of videos (contract sections 3 to 5). */
export function generationRoutes(scope: FastifyInstance, core: Core, dialect: Dialect): void {
  const counted = (type: 'image' | 'video') => (request: FastifyRequest, reply: FastifyReply) =>
    countSubmission(core, request, reply, type);

  scope.post('/images/generations', { onRequest: counted('image') }, async (request, reply) => {
    const generation = await awaitImage(core, await submit(core, dialect, request, readImageRequest));
    if (generation.status !== 'succeeded') throw failureError(generation);
    return sendJson(reply, 200, await paidObject(core, generation));
  });

  scope.post('/videos/generations', { onRequest: counted('video') }, async (request, reply) => {
    const admitted = await submit(core, dialect, request, readVideoRequest);
    const id = admitted.kind === 'admitted' ? admitted.generation.id : admitted.generationId;
    return sendJson(reply, 202, { id, status: 'pending' });
  });

  scope.route<{ Params: { id: string } }>({
    method: ['GET', 'HEAD'],
    url: '/videos/generations/:id',
    handler: async (request, reply) => {
      await showVideoWindow(core, request, reply);
      const generation = await ownVideo(core, request, request.params.id);
      return sendJson(reply, 200, await videoObject(core, generation));
    },
  });
}

/**
 * The finished image. It is paid for by now: if unreadable files were reported as an error that may be retried, it would be ordered and
 * paid again.
 */
async function paidObject(core: Core, generation: Generation): Promise<object> {
  try {
    return await patiently(core, generation.id, () => completedObject(core, generation));
  } catch (cause) {
    throw new GenlockError('outcome_unknown', 'The image was made, and cannot be shown just now.', { cause });
  }
}

/** There are three statuses, none of which is for queued work (contract section 5). */
async function videoObject(core: Core, generation: Generation): Promise<object> {
  switch (generation.status) {
    case 'queued':
    case 'running':
      return { id: generation.id, status: 'pending' };
    case 'succeeded':
      return completedObject(core, generation);
    case 'failed':
    case 'canceled':
      return { id: generation.id, status: 'failed', error: failureObject(generation) };
  }
}

/** A video of the caller's workspace and mode. Any other video, and any image, counts as not found. @throws GenlockError `not_found` */
async function ownVideo(core: Core, request: FastifyRequest, id: string): Promise<Generation> {
  const caller = callerOf(request);
  const generation = await core.store.generation(id);
  if (!isOwnGeneration(caller, NAME, generation) || generation.kind !== 'video')
    throw new GenlockError('not_found', 'There is no such video generation.', { param: 'id' });
  return about(caller, generation);
}
