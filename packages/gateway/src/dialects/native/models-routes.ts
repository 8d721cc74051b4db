import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { sendJson } from '../../http/send.ts';
import { NAME } from './links.ts';
import { modelObject } from './model-object.ts';
import { findNativeModel, type NativeModel, nativeModels } from './models.ts';

export function modelRoutes(scope: FastifyInstance, core: Core): void {
  const objectsOf = (native: NativeModel): object[] => {
    const model = core.models.find(NAME, native.id);
    return model === undefined ? [] : [modelObject(native, model)];
  };

  scope.route({
    method: ['GET', 'HEAD'],
    url: '/models',
    handler: (_request, reply) =>
      sendJson(reply, 200, {
        object: 'list',
        data: nativeModels.flatMap(objectsOf),
        next_cursor: null,
      }),
  });

  // Ids contain a slash, so all the rest of the path is the id, percent-encoded or not.
  scope.route<{ Params: { '*': string } }>({
    method: ['GET', 'HEAD'],
    url: '/models/*',
    handler: (request, reply) => {
      const native = findNativeModel(request.params['*']);
      const [object] = native === undefined ? [] : objectsOf(native);
      if (object === undefined) throw new GenlockError('not_found', 'There is no such model.');
      return sendJson(reply, 200, object);
    },
  });
}
