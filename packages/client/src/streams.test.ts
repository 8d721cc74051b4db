import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { question } from '../../gateway/src/dialects/llmtune/testing.ts';
import { IMAGE, TEXT } from '../../gateway/src/dialects/native/testing.ts';
import { SHORT, SMALL_FILM, stream } from '../../gateway/src/dialects/skills-video/testing.ts';
import { startTestGateway, type TestGateway } from '../../gateway/src/testing/gateway.ts';
import { headersOf } from '../testing/orders.ts';
import { createFetch, type DialectName, parseError } from './index.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close(0));

/** Orders, and follows the job if the order is not itself a stream. */
async function streamOf(
  dialect: DialectName,
  path: string,
  body: object,
  steering: string,
): Promise<Response> {
  const { key } = await gateway.customer({ dialect });
  const made = await createFetch({ dialect })(gateway.url + path, {
    method: 'POST',
    headers: headersOf(key.key, steering),
    body: JSON.stringify(body),
  });
  if (made.status !== 202) return made;
  const { id } = (await made.json()) as { id: string };
  return fetch(`${gateway.url}${path}/${id}/events`, { headers: headersOf(key.key) });
}

const words = {
  model: 'deepbrain-router',
  messages: [{ role: 'user', content: 'Of the sea.' }],
  stream: true,
};

describe('a stream of the gateway that ends badly', () => {
  it.each<[DialectName, string, object]>([
    ['llmtune', '/llmtune/v1/chat/completions', { ...question, stream: true }],
    ['llmtune', '/llmtune/api/agent/v1/chat/completions', { ...question, stream: true }],
    ['skytells', '/skytells/v1/chat/completions', words],
    ['skytells', '/skytells/v1/responses', { model: words.model, input: 'Of the sea.', stream: true }],
    ['native', '/v1/generations', { ...TEXT, stream: true }],
  ])('tells in %s %s that the text broke off', async (dialect, path, body) => {
    const told = await streamOf(dialect, path, body, 'drop=after_accept');
    expect([told.status, told.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/event-stream'),
    ]);
    expect(await parseError(dialect, told)).toMatchObject({
      code: 'upstream_failed',
      advice: 'wait',
      retry: 'backoff',
      status: 200,
      mayHaveBeenCharged: true,
    });
  });

  it.each<[DialectName, string, object]>([
    ['skills-video', `/skills-video${stream(SMALL_FILM)}`, SHORT],
    ['native', '/v1/generations', IMAGE],
  ])('tells in %s that the job failed', async (dialect, path, body) => {
    const steering = 'error=content_rejected at=run';
    const told = await streamOf(dialect, path, body, steering);
    expect(told.headers.get('content-type')).toContain('text/event-stream');
    expect(await parseError(dialect, told)).toMatchObject({
      code: 'content_rejected',
      advice: 'rewrite_prompt',
      retry: 'after_fix',
      generationId: expect.stringMatching(/^gen_/),
      mayHaveBeenCharged: false,
    });
  });
});
