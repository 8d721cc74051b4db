import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { changeKey, createKey, type KeyChange, readKey } from '../gateway/accounts/keys.ts';
import { parseOrigin } from '../http/origin.ts';
import { type ApiKey, mergeLimits } from '../store/port.ts';
import { note } from './audit-trail.ts';
import type { AdminContext } from './context.ts';
import {
  addressBlock,
  closed,
  dialect,
  limits,
  mode,
  nullableLine,
  nullableList,
  optional,
  origin,
  resettable,
} from './fields.ts';
import { type ById, idOf } from './id.ts';
import { noSuchDialect } from './no-such-dialect.ts';
import { time } from './render.ts';

/** Lists and limits, for creating and for changing a key. null is the default: no list, or no limit of its own. */
const SETTINGS = {
  name: optional(nullableLine('web shop')),
  allowed_origins: optional(nullableList<string>(origin)),
  allowed_ips: optional(nullableList<string>(addressBlock)),
  limits: optional(limits),
};

export const NewKey = Type.Object({ dialect, mode: optional(mode), ...SETTINGS }, closed);

export const KeyPatch = Type.Object(
  { status: optional(resettable(['active', 'paused', 'revoked'])), ...SETTINGS },
  closed,
);

export function keyRoutes(app: FastifyInstance, { core, modules }: AdminContext): void {
  app.post<ById & { Body: Static<typeof NewKey> }>(
    '/accounts/:id/keys',
    { schema: { body: NewKey }, config: { audit: 'key.create' } },
    async (request, reply) => {
      const { params, body } = request;
      const module = modules.find((one) => one.dialect.name === body.dialect);
      if (module === undefined) throw noSuchDialect(core);
      const mode = body.mode ?? 'live';
      const secret = module.mintKey(mode);
      const key = await createKey(core, {
        accountId: idOf(params),
        dialect: module.dialect.name,
        mode,
        name: body.name ?? '',
        allowedOrigins: (body.allowed_origins ?? []).map(normalizeOrigin),
        allowedIps: body.allowed_ips ?? [],
        limits: mergeLimits({}, body.limits ?? null),
        secret,
      });
      note(request, { target: key.id, detail: { account: key.accountId, ...body } });
      const { id, ...rest } = renderKey(key);
      return reply.code(201).send({ id, key: secret, ...rest });
    },
  );

  app.get<ById>('/keys/:id', async ({ params }) => renderKey(await readKey(core, idOf(params))));

  app.patch<ById & { Body: Static<typeof KeyPatch> }>(
    '/keys/:id',
    { schema: { body: KeyPatch }, config: { audit: 'key.change' } },
    async (request) => {
      const { params, body } = request;
      const id = idOf(params);
      const key = await changeKey(core, id, toChange(body));
      note(request, { detail: body });
      return renderKey(key);
    },
  );
}

function toChange({ allowed_origins, allowed_ips, ...rest }: Static<typeof KeyPatch>): KeyChange {
  return {
    ...rest,
    ...(allowed_origins !== undefined && { allowedOrigins: allowed_origins?.map(normalizeOrigin) ?? null }),
    ...(allowed_ips !== undefined && { allowedIps: allowed_ips }),
  };
}

/** Stored in the form that browsers send, so that what is shown is also what is compared. */
function normalizeOrigin(text: string): string {
  return parseOrigin(text) ?? text;
}

function renderKey(key: ApiKey) {
  return {
    id: key.id,
    account_id: key.accountId,
    dialect: key.dialect,
    mode: key.mode,
    name: key.name,
    prefix: key.prefix,
    status: key.status,
    allowed_origins: key.allowedOrigins,
    allowed_ips: key.allowedIps,
    limits: key.limits,
    created_at: time(key.createdAt),
  };
}
