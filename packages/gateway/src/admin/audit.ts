import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { AuditEntry } from '../store/port.ts';
import type { AdminContext } from './context.ts';
import { closed, cursor as cursorField, line, optional } from './fields.ts';
import { time } from './render.ts';

const PAGE = 100;

export const AuditQuery = Type.Object(
  {
    cursor: optional(cursorField),
    target: optional(line('acct_01JB2V4T8E0000000000000000')),
    action: optional(line('account.top_up')),
  },
  closed,
);

/** What the operator did, newest first. */
export function auditRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<{ Querystring: Static<typeof AuditQuery> }>(
    '/audit',
    { schema: { querystring: AuditQuery } },
    async ({ query: { cursor, ...filter } }) => {
      const { data, nextCursor } = await core.store.auditEntries(filter, PAGE, cursor || undefined);
      return { data: data.map(renderEntry), next_cursor: nextCursor };
    },
  );
}

function renderEntry({ requestId, at, ...entry }: AuditEntry) {
  return { ...entry, request_id: requestId, at: time(at) };
}
