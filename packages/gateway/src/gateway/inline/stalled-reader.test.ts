import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HttpDouble, startHttpDouble } from '../../providers/upstream/testing/http-double.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';

const CHAT = [{ role: 'user', content: 'hello' }];
const STREAMS = [
  ['llmtune', '/llmtune/v1/chat/completions', 'meta-llama/Llama-3.3-70B-Instruct', { messages: CHAT }],
  ['skytells', '/skytells/v1/chat/completions', 'deepbrain-router', { messages: CHAT }],
  ['native', '/v1/generations', 'genlock/text', { input: { prompt: 'hello' } }],
] as const;

/** More than the buffers of two sockets hold, in events that are read one by one. */
const piece = `data: ${JSON.stringify({ choices: [{ delta: { content: 'x'.repeat(1024 * 1024) } }] })}\n\n`;

let double: HttpDouble;
let gateway: TestGateway;
beforeAll(async () => {
  double = await startHttpDouble(() => ({ pieces: Array.from({ length: 64 }, () => piece) }));
  const routes = STREAMS.map(([dialect, , model]) => `${dialect}/${model}: { routes: [up/m] }`);
  gateway = await startTestGateway({
    config: `
deadlines: { text: 1s }
providers: { up: { type: openai-compatible, base_url: "${double.url}", api_key: sk-1 } }
models: { ${routes.join(', ')} }`,
  });
});
afterAll(async () => {
  await gateway.close(0);
  await double.close();
});

it.each(STREAMS)(
  'a stream that its caller does not read ends at its deadline all the same: %s',
  async (dialect, path, model, more) => {
    const { id, key } = await gateway.customer({ dialect });
    const body = JSON.stringify({ model, stream: true, ...more });
    const caller = connect(Number(new URL(gateway.url).port), '127.0.0.1').pause();
    caller.write(
      `POST ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key.key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const ledger = async () => {
      const { body } = await gateway.admin<{ data: { type: string }[] }>('GET', `/accounts/${id}/ledger`);
      return body.data.map(({ type }) => type);
    };
    await expect.poll(ledger, { timeout: 10_000 }).toContain('hold');
    await expect.poll(ledger, { timeout: 10_000 }).toContain('capture');
    caller.destroy();
  },
);
