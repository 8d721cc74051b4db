import { parseUsd } from '../../../../domain/money.ts';
import { countOf } from '../../../upstream/count-of.ts';
import type { Contract, Job } from '../../contract.ts';
import { ended, failureIn } from '../../failures.ts';
import { textOutput } from '../../outputs.ts';
import { nativeOrders } from './orders.ts';
import { type Generation, readList, readLooked, readOrdered } from './replies.ts';
import { nativeText } from './text.ts';

/** How long the server holds a poll until the job ends. It allows 60 s, but each held poll occupies a connection. A look-up is not held. */
const HOLD_SECONDS = 5;

/** Genlock's own API (docs/native.md): keys are honoured on every order, and what a key made can be looked up. */
export const native: Contract = {
  dialect: 'native',
  keyed: ['image', 'video', 'speech', 'text'],
  textsAreJobs: true,
  pollMs: 200,
  credentials: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  orders: nativeOrders,
  look: (id, { deadlineAt }) => ({
    ...{ method: 'GET', path: pathOf(id) },
    ...(deadlineAt !== undefined && { headers: { prefer: `wait=${HOLD_SECONDS}` } }),
  }),
  read: ({ body }, of) => jobOf((of === 'order' ? readOrdered : readLooked)(body)),
  cancel: (id) => ({ method: 'POST', path: `${pathOf(id)}/cancel` }),
  async find(line, key, signal) {
    const query = new URLSearchParams({ idempotency_key: key });
    const { body } = await line.ask({ method: 'GET', path: `/generations?${query}` }, { signal });
    return readList(body).data[0]?.id;
  },
  stream: nativeText,
};

function pathOf(id: string): string {
  return `/generations/${encodeURIComponent(id)}`;
}

function jobOf(generation: Generation): Job {
  const { id, status, progress, output, usage, cost } = generation;
  switch (status) {
    case 'succeeded':
      return {
        ...{ id, state: 'succeeded', cost: parseUsd(cost?.charged_usd ?? '') },
        // Addressed by id and not by its URL: the server's public URL need not be the address that we call.
        links: (output?.assets ?? []).map((asset) => ({
          url: `/assets/${encodeURIComponent(asset.id)}/content`,
          contentType: asset.content_type ?? '',
        })),
        ...(typeof output?.text === 'string' && {
          output: textOutput(output.text),
          usage: {
            inputTokens: countOf(usage?.input_tokens) ?? 0,
            outputTokens: countOf(usage?.output_tokens) ?? 0,
          },
        }),
      };
    case 'failed':
      return { id, state: 'failed', failure: failureIn('native', generation) ?? ended('failed') };
    case 'canceled':
      return { id, state: 'failed', failure: ended('the generation was canceled there') };
    default:
      return { id, state: 'running', percent: progress?.percent, metrics: progress?.metrics };
  }
}
