import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { GenlockError } from '../../domain/error.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import { isOwn } from '../../gateway/accounts/own.ts';
import { orderTopUp } from '../../gateway/accounts/top-up.ts';
import { findReplay } from '../../gateway/admission/idempotency.ts';
import type { Core } from '../../gateway/core.ts';
import { newId } from '../../gateway/ids.ts';
import { callerOf } from '../../http/caller.ts';
import { compileCheck } from '../../http/check-body.ts';
import { readJsonObject } from '../../http/json-body.ts';
import type { PendingTopUp } from '../../store/port.ts';
import { creditOf, toCredits, usd } from './credits.ts';
import { idempotencyClaim } from './idempotency-key.ts';
import { NAME, publicBase } from './links.ts';
import { sendJson } from './send.ts';
import { CURRENCIES, topUpObject } from './topup-object.ts';

/** How long a top-up waits for its payment. */
const PAYMENT_WINDOW_MS = 60 * 60 * 1000;

export const checkTopUp = compileCheck(
  Type.Object({
    pack: Type.String(),
    currency: Type.Optional(Type.Enum([...CURRENCIES])),
  }),
);

/** Buying credits (contract section 12). Ordering a pack adds nothing: the credits are added when the operator confirms the payment. */
export function topUpRoutes(scope: FastifyInstance, core: Core): void {
  scope.route({
    method: ['GET', 'HEAD'],
    url: '/packs',
    handler: (_request, reply) =>
      sendJson(reply, 200, {
        object: 'list',
        data: packsOf(core).map((pack) => ({
          id: pack.id,
          object: 'pack',
          credits: toCredits(pack.usd, creditOf(core)),
          usd: usd(pack.usd),
        })),
      }),
  });

  scope.post('/topups', async (request, reply) => {
    const caller = callerOf(request);
    const body = readJsonObject(request.body, request.headers['content-type']);
    const idempotency = idempotencyClaim(request, caller, 'POST /v1/topups', body.object);
    const answer = (topUp: PendingTopUp, status: 200 | 201) => {
      reply.header('location', new URL(`${publicBase(core)}/v1/topups/${topUp.id}`).pathname);
      return sendJson(reply, status, topUpObject(core, topUp));
    };
    const replay = async (id: string) => {
      reply.header('idempotent-replayed', 'true');
      return answer(await own(core, caller, id), 200);
    };
    const earlier = idempotency && (await findReplay(core, idempotency));
    if (earlier !== undefined) return replay(earlier);

    const { pack: id, currency = 'usdc' } = checkTopUp(body);
    const pack = packsOf(core).find((one) => one.id === id);
    if (pack === undefined) throw new GenlockError('unknown_pack', undefined, { param: 'pack' });
    const createdAt = core.now();
    const topUp: PendingTopUp = {
      id: newId('top_', createdAt),
      accountId: caller.account.id,
      dialect: NAME,
      mode: caller.key.mode,
      status: 'pending',
      pack: id,
      amount: pack.usd,
      details: { currency },
      createdAt,
      expiresAt: createdAt + PAYMENT_WINDOW_MS,
      paidAt: null,
    };
    const replayed = await orderTopUp(core, topUp, idempotency);
    return replayed === undefined ? answer(topUp, 201) : replay(replayed);
  });

  scope.route<{ Params: { id: string } }>({
    method: ['GET', 'HEAD'],
    url: '/topups/:id',
    handler: async (request, reply) =>
      sendJson(reply, 200, topUpObject(core, await own(core, callerOf(request), request.params.id))),
  });
}

function packsOf(core: Core): readonly { readonly id: string; readonly usd: number }[] {
  return core.config().dialects[NAME]?.packs ?? [];
}

async function own(core: Core, caller: Caller, id: string): Promise<PendingTopUp> {
  const topUp = await core.store.pendingTopUp(id, core.now());
  if (!isOwn(caller, topUp) || topUp.dialect !== NAME)
    throw new GenlockError('not_found', 'There is no such top-up.');
  return topUp;
}
