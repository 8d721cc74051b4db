import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import { cancel } from '../../gateway/cancel.ts';
import type { Core } from '../../gateway/core.ts';
import { deleteGeneration } from '../../gateway/delete.ts';
import { callerOf } from '../../http/caller.ts';
import { tellDetails } from './place.ts';
import { assertServed, ownPrediction, view } from './predictions.ts';
import { sendJson } from './send.ts';
import { statusToWire } from './status.ts';

interface WithId {
  Params: { id: string };
}

const config = { skytellsPlace: 'prediction' } as const;

/** One prediction: read, "stream" (plain JSON), cancel, delete (contract section 5). */
export function predictionRoutes(scope: FastifyInstance, core: Core): void {
  for (const url of ['/predictions/:id', '/predictions/:id/stream']) {
    scope.route<WithId>({
      method: ['GET', 'HEAD'],
      url,
      config,
      handler: async (request, reply) => {
        const generation = await ownPrediction(core, callerOf(request), request.params.id);
        assertServed(generation);
        return sendJson(reply, await view(core, generation));
      },
    });
  }

  scope.post<WithId>('/predictions/:id/cancel', { config }, async (request, reply) => {
    const { id } = await ownPrediction(core, callerOf(request), request.params.id);
    try {
      const canceled = await cancel(core, id, 'unfinished');
      return sendJson(reply, { ...(await view(core, canceled)), success: true });
    } catch (thrown) {
      if (GenlockError.from(thrown).code === 'invalid_state') {
        const status = (await core.store.generation(id))?.status;
        if (status !== undefined) tellDetails(request, statusToWire(core, status));
      }
      throw thrown;
    }
  });

  // The documentation names the first path, the SDKs call the second.
  for (const url of ['/predictions/:id', '/predictions/:id/delete']) {
    scope.delete<WithId>(url, { config }, async (request, reply) => {
      const generation = await ownPrediction(core, callerOf(request), request.params.id);
      const last = await view(core, generation);
      const deleted = await deleteGeneration(core, generation.id);
      // A running prediction was canceled by the deletion; one that had ended is shown with the files that it had.
      const shown = deleted.status === generation.status ? last : await view(core, deleted);
      return sendJson(reply, { ...shown, success: true });
    });
  }
}
