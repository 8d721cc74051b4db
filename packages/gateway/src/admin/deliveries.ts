import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { deliveriesOf, redeliver } from '../gateway/webhooks/redeliver.ts';
import type { Delivery } from '../store/port.ts';
import type { AdminContext } from './context.ts';
import { closed, line } from './fields.ts';
import { type ById, idOf } from './id.ts';
import { time } from './render.ts';

export const DeliveriesQuery = Type.Object({ generation_id: line('gen_01JB2V4T8E0000000000000000') }, closed);

export function deliveryRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<{ Querystring: Static<typeof DeliveriesQuery> }>(
    '/webhook-deliveries',
    { schema: { querystring: DeliveriesQuery } },
    async ({ query }) => ({
      data: (await deliveriesOf(core, idOf({ id: query.generation_id }))).map(renderDelivery),
    }),
  );

  app.post<ById>(
    '/webhook-deliveries/:id/redeliver',
    { config: { audit: 'webhook_delivery.redeliver' } },
    async ({ params }) => {
      const id = idOf(params);
      const delivery = await redeliver(core, id);
      return renderDelivery(delivery);
    },
  );
}

export function renderDelivery({ id, event, url, status, attempts }: Delivery) {
  return {
    id,
    event,
    url,
    status,
    attempts: attempts.map((attempt) => ({
      at: time(attempt.at),
      status: attempt.status,
      error: attempt.error,
    })),
  };
}
