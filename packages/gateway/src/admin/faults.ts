import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { GenlockError } from '../domain/error.ts';
import { FAULT_POINTS, parseEffect } from '../faults/board.ts';
import { note } from './audit-trail.ts';
import type { AdminContext } from './context.ts';
import { choice, closed, line, optional } from './fields.ts';

const MAX_TIMES = 1_000_000;

export const NewFault = Type.Object(
  {
    point: choice(FAULT_POINTS),
    effect: line('error'),
    times: optional(Type.Integer({ minimum: 1, maximum: MAX_TIMES })),
  },
  closed,
);

/** The routes for rehearsing failures. Only the audit log needs the store, because the store may be the part that is broken now. */
export function faultRoutes(app: FastifyInstance, { faults }: AdminContext): void {
  app.post<{ Body: Static<typeof NewFault> }>(
    '/faults',
    { schema: { body: NewFault }, config: { audit: 'fault.set' } },
    (request, reply) => {
      const { point, effect, times = 1 } = request.body;
      const parsed = parseEffect(effect);
      if (parsed === undefined)
        throw new GenlockError(
          'invalid_parameter',
          'The value must be error, down, garbage, timeout or delay=<ms>.',
          { param: 'effect' },
        );
      faults.set(point, parsed, times);
      note(request, { target: point, detail: { effect, times } });
      reply.code(201).send({ point, effect, times });
    },
  );

  app.delete('/faults', { config: { audit: 'fault.clear' } }, () => {
    faults.clear();
    return { data: [] };
  });
}
