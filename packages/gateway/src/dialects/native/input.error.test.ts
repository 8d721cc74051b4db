import { afterAll, beforeAll, describe, expect } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { caller, customer, expectProblem, IMAGE, ledgerOf, SPEECH, TEXT, VIDEO } from './testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    config: 'moderation: {words: [forbiddenword]}\ndialects: {native: {upload: {max_bytes: 20KB}}}\n',
  });
});
afterAll(() => gateway.close());

describe('a key', () => {
  provokes('native', 'unauthenticated@401', 'none, or one that nobody made', async () => {
    expectProblem(await caller(gateway)('GET', '/balance'), 'unauthenticated@401');
    for (const key of ['gl_live_nope', ''])
      expectProblem(await caller(gateway, key)('GET', '/balance'), 'unauthenticated@401');
    const { call, key } = await customer(gateway);
    await gateway.admin('PATCH', `/keys/${key.id}`, { status: 'revoked' });
    expectProblem(await call('POST', '/generations', IMAGE), 'unauthenticated@401');
  });

  provokes('native', 'account_disabled@403', 'paused, or its account', async () => {
    const one = await customer(gateway);
    await gateway.admin('PATCH', `/keys/${one.key.id}`, { status: 'paused' });
    expectProblem(await one.call('GET', '/balance'), 'account_disabled@403');
    const other = await customer(gateway);
    await gateway.admin('PATCH', `/accounts/${other.id}`, { status: 'paused' });
    expectProblem(await other.call('GET', '/balance'), 'account_disabled@403');
  });

  provokes('native', 'origin_not_allowed@403', 'with a list that the Origin is not on', async () => {
    const { call } = await customer(gateway, { key: { allowed_origins: ['https://app.example'] } });
    expectProblem(await call('GET', '/balance'), 'origin_not_allowed@403');
    const wrong = await call('GET', '/balance', undefined, { origin: 'https://evil.example' });
    expectProblem(wrong, 'origin_not_allowed@403');
    expect((await call('GET', '/balance', undefined, { origin: 'https://app.example' })).status).toBe(200);
  });

  provokes('native', 'ip_not_allowed@403', 'with a list that the address is not on', async () => {
    const { call } = await customer(gateway, { key: { allowed_ips: ['203.0.113.7'] } });
    expectProblem(await call('GET', '/balance'), 'ip_not_allowed@403');
  });
});

describe('a body', () => {
  provokes('native', 'malformed_request@400', 'that is none', async () => {
    const { call } = await customer(gateway);
    for (const body of [
      '{"model":',
      '[]',
      '',
      'null',
      new Uint8Array([0x7b, 0xff, 0x7d]),
      '{"a":"\\u0000"}',
      `{"a":"${'x'.repeat(262_144)}"}`,
    ])
      expectProblem(await call('POST', '/generations', body), 'malformed_request@400');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expectProblem(await call('POST', '/generations', 'a=b', form), 'malformed_request@400');
    for (const key of ['', ' ', 'a b', '"open', '"a"b', '"\u00e9"', 'x'.repeat(256), '""']) {
      const answer = await call('POST', '/generations', IMAGE, { 'idempotency-key': key });
      expectProblem(answer, 'malformed_request@400', 'Idempotency-Key');
    }
  });

  provokes('native', 'parameter_missing@422', 'without what is needed', async () => {
    const { call } = await customer(gateway);
    for (const [body, param] of [
      [{}, 'model'],
      [{ model: 'genlock/image' }, 'input'],
      [{ model: 'genlock/image', input: {} }, 'input.prompt'],
      [{ model: 'genlock/image', input: { prompt: null } }, 'input.prompt'],
      [{ model: 'genlock/speech', input: {} }, 'input.text'],
      [{ model: 'genlock/text', input: {} }, 'input.messages'],
      [{ model: 'genlock/text', input: { messages: [{ role: 'user' }] } }, 'input.messages[0].content'],
      [{ ...IMAGE, webhook: {} }, 'webhook.url'],
    ] as const)
      expectProblem(await call('POST', '/generations', body), 'parameter_missing@422', param);
  });

  provokes('native', 'invalid_parameter@422', 'with each bad member', async () => {
    const { call } = await customer(gateway);
    const image = (input: object) => ({ ...IMAGE, input: { ...IMAGE.input, ...input } });
    const video = (input: object) => ({ ...VIDEO, input: { ...VIDEO.input, ...input } });
    const text = (input: object) => ({ ...TEXT, input: { ...TEXT.input, ...input } });
    const chat = (messages: object[]) => ({ ...TEXT, input: { messages } });
    const CALLED = { id: 'c', name: 'a', arguments: '{}' };
    for (const [body, param] of [
      [{ ...IMAGE, colour: 'red' }, 'colour'],
      [{ ...IMAGE, input: [] }, 'input'],
      [{ ...IMAGE, model: 7 }, 'model'],
      [{ ...IMAGE, metadata: { big: 'x'.repeat(5000) } }, 'metadata'],
      [{ ...IMAGE, metadata: 'x' }, 'metadata'],
      [{ ...IMAGE, webhook: { url: 'ftp://files.example' } }, 'webhook.url'],
      [{ ...IMAGE, webhook: { url: 'http://10.0.0.1/' } }, 'webhook.url'],
      [{ ...IMAGE, webhook: { url: 'https://a.example', events: ['generation.nope'] } }, 'webhook.events[0]'],
      [{ ...IMAGE, webhook: { url: 'https://a.example', events: [] } }, 'webhook.events'],
      [{ ...IMAGE, stream: 'yes' }, 'stream'],
      [image({ prompt: '  ' }), 'input.prompt'],
      [image({ prompt: 'x'.repeat(4001) }), 'input.prompt'],
      [image({ size: '7x7' }), 'input.size'],
      [image({ count: 5 }), 'input.count'],
      [image({ count: 1.5 }), 'input.count'],
      [image({ format: 'gif' }), 'input.format'],
      [image({ seed: -1 }), 'input.seed'],
      [image({ colour: 'red' }), 'input.colour'],
      [image({ images: [] }), 'input.images'],
      [image({ images: ['asset_01J00000000000000000000000'] }), 'input.images[0]'],
      [image({ images: ['http://169.254.169.254/'] }), 'input.images[0]'],
      [video({ seconds: 13 }), 'input.seconds'],
      [video({ resolution: '4k' }), 'input.resolution'],
      [video({ first_frame: 'file:///etc/passwd' }), 'input.first_frame'],
      [{ ...SPEECH, input: { text: 'x'.repeat(5001) } }, 'input.text'],
      [text({ max_tokens: 0 }), 'input.max_tokens'],
      [text({ temperature: 2.1 }), 'input.temperature'],
      [text({ stop: ['a', 'b', 'c', 'd', 'e'] }), 'input.stop'],
      [text({ tools: [] }), 'input.tools'],
      [text({ tools: [{ name: 'a', strict: true }] }), 'input.tools[0].strict'],
      [text({ tool_choice: 'required' }), 'input.tool_choice'],
      [text({ tools: [{ name: 'a' }], tool_choice: { name: 'b' } }), 'input.tool_choice'],
      [chat([{ role: 'user', content: '' }]), 'input.messages[0].content'],
      [chat([{ role: 'user', content: 'a', tool_calls: [CALLED] }]), 'input.messages[0].tool_calls'],
      [chat([{ role: 'user', content: 'a', tool_call_id: 'c' }]), 'input.messages[0].tool_call_id'],
      [chat([{ role: 'tool', content: 'a', tool_call_id: 'c' }]), 'input.messages[0].tool_call_id'],
    ] as const)
      expectProblem(await call('POST', '/generations', body), 'invalid_parameter@422', param);
    const steered = await call('POST', '/generations', IMAGE, { 'genlock-sandbox': 'nope=1' });
    expectProblem(steered, 'invalid_parameter@422');
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=x',
      'cursor=-',
      'status=done',
      'dialect=nope',
      'model=',
    ])
      expectProblem(await call('GET', `/generations?${query}`), 'invalid_parameter@422', query.split('=')[0]);
    for (const [query, param] of [
      ['from=yesterday', 'from'],
      ['to=2025-13-01', 'to'],
      ['from=2025-02-30T00:00:00Z&to=2025-03-05', 'from'],
      ['from=2025-02-01&to=2025-01-01', 'from'],
      ['from=2020-01-01&to=2025-01-01', 'from'],
    ] as const)
      expectProblem(await call('GET', `/usage?${query}`), 'invalid_parameter@422', param);
  });

  provokes('native', 'parameter_conflict@422', 'with a prompt and messages', async () => {
    const { call } = await customer(gateway);
    const both = { ...TEXT, input: { prompt: 'a', messages: [{ role: 'user', content: 'a' }] } };
    expectProblem(await call('POST', '/generations', both), 'parameter_conflict@422', 'input.prompt');
    const untold = { ...TEXT, input: { ...TEXT.input, tools: [{ name: 'a' }] } };
    expectProblem(await call('POST', '/generations', untold), 'parameter_conflict@422', 'input.tools');
  });

  provokes('native', 'model_not_found@404', 'that names no model', async () => {
    const { call } = await customer(gateway);
    for (const model of ['genlock/nope', 'kiara-vogue', '__proto__'])
      expectProblem(await call('POST', '/generations', { ...IMAGE, model }), 'model_not_found@404', 'model');
  });

  provokes('native', 'model_unsupported@422', 'that wants an image streamed', async () => {
    const { call } = await customer(gateway);
    expectProblem(
      await call('POST', '/generations', { ...IMAGE, stream: true }),
      'model_unsupported@422',
      'stream',
    );
  });

  provokes(
    'native',
    'content_rejected@422',
    'with words that moderation refuses, costs nothing',
    async () => {
      const { id, call } = await customer(gateway);
      const bad = { ...IMAGE, input: { prompt: 'a forbiddenword' } };
      expectProblem(await call('POST', '/generations', bad), 'content_rejected@422');
      expect(await ledgerOf(gateway, id)).toEqual(['top_up 100']);
    },
  );
});

describe('an upload', () => {
  provokes('native', 'invalid_media@422', 'that does not decode', async () => {
    const { call } = await customer(gateway);
    expectProblem(
      await call('POST', '/uploads', 'no picture', { 'content-type': 'image/png' }),
      'invalid_media@422',
    );
  });

  provokes('native', 'media_too_large@413', 'above the cap', async () => {
    const { call } = await customer(gateway);
    const large = new Uint8Array(20_001);
    expectProblem(
      await call('POST', '/uploads', large, { 'content-type': 'video/mp4' }),
      'media_too_large@413',
      'file',
    );
    const form = new FormData();
    form.set('file', new Blob([large]));
    expectProblem(await call('POST', '/uploads', form), 'media_too_large@413', 'file');
  });
});
