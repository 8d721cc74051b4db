import type { FastifyInstance } from 'fastify';
import { MICROS_PER_USD, type Micros } from '../../domain/money.ts';
import { available, balanceOf } from '../../gateway/accounts/accounts.ts';
import type { Core } from '../../gateway/core.ts';
import { callerOf } from '../../http/caller.ts';
import type { ModelUsage } from '../../store/port.ts';
import { NAME } from './links.ts';
import { sendJson } from './send.ts';
import { isoTime } from './times.ts';
import { readPeriod } from './usage-period.ts';

/**
 * What the workspace used in a period (contract section 11). Requests are admitted calls; a batch is one. Training jobs are counted
 * separately, and only their cost is part of the sums.
 */
export function usageRoutes(scope: FastifyInstance, core: Core): void {
  scope.route({
    method: ['GET', 'HEAD'],
    url: '/api/usage/summary',
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const period = readPeriod(request.query as Record<string, unknown>, core.now());
      const { models, latencies } = await core.store.usage({
        accountId: caller.account.id,
        dialect: NAME,
        mode: caller.key.mode,
        ...period,
      });
      const calls = models.filter(({ kind }) => kind !== 'training');
      const requests = sum(calls, 'requests');
      const errors = sum(calls, 'failed');
      return sendJson(reply, {
        success: true,
        data: {
          period: { from: isoTime(period.from), to: isoTime(period.to) },
          balance: dollars(available(await balanceOf(core, caller.account.id))),
          currency: 'USD',
          requests,
          ...tokensOf(calls),
          spend: dollars(sum(models, 'charged')),
          errors,
          successRate: requests === 0 ? 1 : ratio(requests - errors, requests),
          latency: latencies,
          trainingJobs: sum(models, 'requests') - requests,
          byModel: byModel(models),
        },
      });
    },
  });
}

function byModel(models: readonly ModelUsage[]): readonly object[] {
  return [...Map.groupBy(models, ({ model }) => model)].map(([model, all]) => {
    const calls = all.filter(({ kind }) => kind !== 'training');
    const { totalTokens } = tokensOf(calls);
    const spend = dollars(sum(all, 'charged'));
    return { model, requests: sum(calls, 'requests'), tokens: totalTokens, spend };
  });
}

function tokensOf(calls: readonly ModelUsage[]) {
  const inputTokens = sum(calls, 'inputTokens');
  const outputTokens = sum(calls, 'outputTokens');
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}

type Counted = 'requests' | 'failed' | 'inputTokens' | 'outputTokens' | 'charged';

function sum(models: readonly ModelUsage[], what: Counted): number {
  return models.reduce((all, model) => all + model[what], 0);
}

function dollars(amount: Micros): number {
  return amount / MICROS_PER_USD;
}

function ratio(part: number, whole: number): number {
  return Math.round((part / whole) * 10_000) / 10_000;
}
