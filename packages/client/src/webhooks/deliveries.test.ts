import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchCall } from '../../../gateway/src/dialects/llmtune/testing.ts';
import { startTestGateway, type TestGateway } from '../../../gateway/src/testing/gateway.ts';
import { headersOf, ORDERS } from '../../testing/orders.ts';
import type { DialectName, GenerationError } from '../index.ts';
import {
  kiaraReceiver,
  llmtuneReceiver,
  nativeReceiver,
  skillsVideoReceiver,
  skytellsReceiver,
} from './index.ts';
import type { Delivery, VerifyOptions } from './receiver.ts';

let gateway: TestGateway;
let receiver: Server;
let origin: string;
const hits = new Map<string, Delivery>();
let arrived = Promise.withResolvers<void>();

beforeAll(async () => {
  gateway = await startTestGateway();
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    hits.set(request.url ?? '', { headers, body: Buffer.concat(chunks) });
    response.writeHead(204).end();
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await gateway.close(0);
  receiver.close();
});

async function hit(path: string): Promise<Delivery> {
  for (;;) {
    const one = hits.get(path);
    if (one !== undefined) return one;
    await arrived.promise;
  }
}

interface Case {
  readonly dialect: Exclude<DialectName, 'getimg'>;
  readonly verify: (delivery: Delivery, options: VerifyOptions) => Promise<object>;
  /** How an order names its receiver; undefined if the account does. */
  readonly order?: (url: string) => { readonly path: string; readonly body: object };
  readonly type: string;
  /** What `content_rejected` becomes in this dialect. */
  readonly failure: Pick<GenerationError, 'code' | 'advice'>;
}
const failed = { code: 'upstream_failed', advice: 'fix_input' } as const;
const rejected = { code: 'content_rejected', advice: 'rewrite_prompt' } as const;
const with_ = (dialect: DialectName, more: object) => ({
  path: ORDERS[dialect].path,
  body: { ...ORDERS[dialect].body, ...more },
});
const cases: readonly Case[] = [
  {
    dialect: 'kiara',
    verify: kiaraReceiver().verify,
    type: 'generation.failed',
    failure: failed,
    order: (webhook_url) => with_('kiara', { webhook_url }),
  },
  {
    dialect: 'skytells',
    verify: skytellsReceiver().verify,
    type: 'prediction.failed',
    failure: failed,
    order: (url) => with_('skytells', { webhook: { url, events: ['prediction.failed'] } }),
  },
  { dialect: 'skills-video', verify: skillsVideoReceiver().verify, type: 'task.failed', failure: rejected },
  {
    dialect: 'llmtune',
    verify: llmtuneReceiver().verify,
    type: 'batch.completed',
    failure: failed,
    order: (webhookUrl) => ({ path: `/llmtune${batchCall.path}`, body: { ...batchCall.body, webhookUrl } }),
  },
  {
    dialect: 'native',
    verify: nativeReceiver().verify,
    type: 'generation.failed',
    failure: rejected,
    order: (url) => with_('native', { webhook: { url } }),
  },
];

describe('a delivery of the gateway', () => {
  it.each(cases)('is believed and read: $dialect', async ({ dialect, verify, order, type, failure }) => {
    const { id, key } = await gateway.customer({ dialect });
    const url = `${origin}/${dialect}`;
    const secretOf = async () => {
      if (dialect === 'skytells') return key.key;
      const path = order === undefined ? 'webhook-endpoints' : `webhook-secret?dialect=${dialect}&mode=live`;
      const body = order === undefined ? { dialect, url, events: [type] } : undefined;
      const answer = await gateway.admin<{ secret: string }>(
        body ? 'POST' : 'GET',
        `/accounts/${id}/${path}`,
        body,
      );
      return answer.body.secret;
    };
    const secrets = await secretOf();
    const { path, body } = order?.(url) ?? ORDERS[dialect];
    const made = await fetch(gateway.url + path, {
      method: 'POST',
      headers: headersOf(key.key, 'error=content_rejected at=run'),
      body: JSON.stringify(body),
    });
    const job = (await made.json()) as { id?: string; batchId?: string };
    const generationId = job.id ?? job.batchId;
    const delivery = await hit(`/${dialect}`);
    expect(await verify(delivery, { secrets })).toMatchObject({
      ok: true,
      event: { dialect, type, state: 'failed', generationId, failure: { generationId, ...failure } },
    });
    const other = `whsec_${btoa('another secret of this length')}`;
    expect(await verify(delivery, { secrets: other })).toEqual({ ok: false, refusal: 'signature_wrong' });
  });
});
