import type { FastifyInstance } from 'fastify';
import { GenlockError } from '../../domain/error.ts';
import type { Core } from '../../gateway/core.ts';
import { creditOf } from './credits.ts';
import { NAME } from './links.ts';
import { productObject } from './product-object.ts';
import { findProduct, type Product, products } from './products.ts';
import { sendJson } from './send.ts';

/** The present catalogue, with the operator's pauses and prices (contract section 10). */
export function productRoutes(scope: FastifyInstance, core: Core): void {
  const objectOf = (product: Product): object[] => {
    const model = core.models.find(NAME, product.id);
    return model === undefined ? [] : [productObject(product, model, creditOf(core))];
  };

  scope.route({
    method: ['GET', 'HEAD'],
    url: '/products',
    handler: (_request, reply) => sendJson(reply, 200, { object: 'list', data: products.flatMap(objectOf) }),
  });

  scope.route<{ Params: { id: string } }>({
    method: ['GET', 'HEAD'],
    url: '/products/:id',
    handler: (request, reply) => {
      const product = findProduct(request.params.id);
      const [object] = product === undefined ? [] : objectOf(product);
      if (object === undefined) throw new GenlockError('not_found', 'There is no such product.');
      return sendJson(reply, 200, object);
    },
  });
}
