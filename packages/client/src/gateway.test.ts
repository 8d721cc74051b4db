import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitForEnd } from '../../gateway/src/gateway/waiting/wait.ts';
import { startTestGateway, type TestGateway } from '../../gateway/src/testing/gateway.ts';
import { headersOf, jobsOf, ORDERS } from '../testing/orders.ts';
import {
  type AnyFetchOptions,
  createFetch,
  type DialectName,
  type Fetch,
  GenerationError,
  parseError,
} from './index.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterEach(() => gateway.admin('DELETE', '/faults'));
afterAll(() => gateway.close(0));

const dialects = Object.keys(ORDERS) as DialectName[];

async function order(
  dialect: DialectName,
  {
    key,
    steering,
    body = ORDERS[dialect].body,
    path = ORDERS[dialect].path,
    ...options
  }: Partial<
    AnyFetchOptions<DialectName> & { key: string; steering: string; body: object; path: string }
  > = {},
): Promise<Response> {
  const send = createFetch({ dialect, sleep: async () => {}, ...options });
  return send(gateway.url + path, {
    method: 'POST',
    headers: headersOf(key, steering),
    body: JSON.stringify(body),
  });
}
const errorOf = async (dialect: DialectName, response: Response) => parseError(dialect, response);

describe.each(dialects)('what the server really answers in %s', (dialect) => {
  it('without a key: fix_key', async () => {
    const error = await errorOf(dialect, await order(dialect));
    expect(error).toMatchObject({
      code: 'unauthenticated',
      advice: 'fix_key',
      status: 401,
      retry: 'after_fix',
    });
    expect(error.requestId).toMatch(/^req_/);
  });

  it('to an empty order: fix_input', async () => {
    const { key } = await gateway.customer({ dialect });
    const error = await errorOf(dialect, await order(dialect, { key: key.key, body: {} }));
    expect(error).toMatchObject({
      advice: 'fix_input',
      blame: 'caller',
      retry: 'after_fix',
      mayHaveBeenCharged: false,
    });
  });

  it('without credits: top_up', async () => {
    const { key } = await gateway.customer({ dialect, credit_usd: '0.000001' });
    const error = await errorOf(dialect, await order(dialect, { key: key.key }));
    expect(error).toMatchObject({ code: 'insufficient_credits', advice: 'top_up', status: 402 });
  });

  it('on the wrong path', async () => {
    const { key } = await gateway.customer({ dialect });
    const path = ORDERS[dialect].path.replace(/[^/]+$/, 'nonsense');
    const error = await errorOf(dialect, await order(dialect, { key: key.key, path }));
    expect(error).toMatchObject({ status: dialect === 'skills-video' ? 400 : 404, advice: 'fix_input' });
  });

  it('over its limit: wait, as long as the server says', async () => {
    // skills.video limits what runs at once, but not calls per minute.
    const slow = dialect === 'skills-video';
    const limits = slow ? { concurrent: 1 } : { requests_per_minute: 1 };
    const options = { attempts: 1, ...(slow && { steering: 'delay=600s' }) };
    const { key } = await gateway.customer({ dialect, key: { limits } });
    let response = await order(dialect, { key: key.key, ...options });
    for (let more = 0; more < 9 && response.status !== 429; more += 1)
      response = await order(dialect, { key: key.key, ...options });
    const error = await errorOf(dialect, response);
    expect(error).toMatchObject({ code: 'rate_limited', advice: 'wait', retry: 'after_delay', status: 429 });
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(1000);
  });

  it('while its limiter is down: sent again where that can cost nothing, and then done once', async () => {
    const { id, key } = await gateway.customer({ dialect });
    await gateway.admin('POST', '/faults', { point: 'limiter', effect: 'down' });
    const end = await order(dialect, { key: key.key }).then(
      (response) => response.ok,
      (thrown: unknown) => GenerationError.isInstance(thrown) && thrown.code,
    );
    // getimg and LLMTune report this like any internal error; skills.video has no such limit.
    const tells = dialect !== 'getimg' && dialect !== 'llmtune';
    expect(end).toBe(tells ? true : 'outcome_unknown');
    expect(await jobsOf(gateway, id, dialect)).toBe(tells ? 1 : 0);
  });
});

describe('an answer that got lost', () => {
  const losing = (times: number): Fetch => {
    let left = times;
    return async (input, init) => {
      const response = await fetch(input, init);
      await response.arrayBuffer();
      left -= 1;
      if (left >= 0) throw new TypeError('fetch failed');
      return fetch(input, init);
    };
  };

  it.each(['kiara', 'native'] as const)('of %s is had by its key, and one job is made', async (dialect) => {
    const { id, key } = await gateway.customer({ dialect });
    const response = await order(dialect, { key: key.key, fetch: losing(2) });
    expect(response.headers.get('idempotent-replayed')).toBe('true');
    expect(await jobsOf(gateway, id, dialect)).toBe(1);
  });

  it('of getimg as well, as Genlock honours keys there', async () => {
    const { id, key } = await gateway.customer({ dialect: 'getimg' });
    const response = await order('getimg', { key: key.key, fetch: losing(2), optionalKeys: true });
    expect([response.status, await jobsOf(gateway, id, 'getimg')]).toEqual([200, 1]);
  });

  it.each(['getimg', 'skytells', 'skills-video', 'llmtune'] as const)(
    'of %s stays unknown, and one job is made',
    async (dialect) => {
      const { id, key } = await gateway.customer({ dialect });
      await expect(order(dialect, { key: key.key, fetch: losing(2) })).rejects.toMatchObject({
        code: 'outcome_unknown',
      });
      expect(await jobsOf(gateway, id, dialect)).toBe(1);
    },
  );
});

describe('a job that failed', () => {
  it.each([
    ['kiara', '/kiara/v1/generations', 'upstream_failed', 'fix_input'],
    ['getimg', '/getimg/v2/videos/generations', 'content_rejected', 'rewrite_prompt'],
    ['skytells', '/skytells/v1/predictions', 'upstream_failed', 'fix_input'],
    ['skills-video', '/skills-video/api/v1/generation', 'content_rejected', 'rewrite_prompt'],
    ['native', '/v1/generations', 'content_rejected', 'rewrite_prompt'],
  ] as const)('of %s is read from a 200', async (dialect, path, code, advice) => {
    const { key } = await gateway.customer({ dialect });
    const video = { model: 'seedance-v1-pro', prompt: 'x', resolution: '480p', aspect_ratio: '1:1' };
    const steering = 'error=content_rejected at=run';
    const made = await order(dialect, {
      key: key.key,
      steering,
      ...(dialect === 'getimg' && { path, body: video }),
    });
    const { id } = (await made.json()) as { id: string };
    await waitForEnd(gateway.core, id, 30_000);
    const read = await createFetch({ dialect })(`${gateway.url}${path}/${id}`, {
      headers: headersOf(key.key),
    });
    expect(read.status).toBe(200);
    const error = await errorOf(dialect, read);
    expect(error).toMatchObject({ code, advice, generationId: id, mayHaveBeenCharged: false });
  });
});
