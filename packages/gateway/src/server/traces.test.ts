import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEY, type OpenAiDouble, startOpenAiDouble } from '../providers/openai-compatible/testing/double.ts';
import { type HttpDouble, startHttpDouble } from '../providers/upstream/testing/http-double.ts';
import { silentLog } from '../telemetry/log.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../testing/gateway.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${CALLER}-01`;

let upstream: OpenAiDouble;
let collector: HttpDouble;
let receiver: HttpDouble;
let gateway: TestGateway;
beforeEach(async () => {
  upstream = await startOpenAiDouble();
  collector = await startHttpDouble(() => ({ body: {} }));
  receiver = await startHttpDouble(() => ({ status: 204 }));
});
afterEach(async () => {
  await gateway.close(0);
  for (const double of [upstream, collector, receiver]) await double.close();
});

const start = async (more = '', options: TestGatewayOptions = {}): Promise<void> => {
  const config = `
providers: { up: { type: openai-compatible, base_url: ${upstream.baseUrl}, api_key: ${KEY}, poll_interval: 20ms } }
models:
  native/genlock/image: { routes: [up/painter] }
  native/genlock/text: { routes: [up/talker] }
${more}`;
  gateway = await startTestGateway({ config, ...options });
};

const order = async (body: object, traceparent?: string, wait = 20) => {
  const { id, key } = await gateway.customer({ dialect: 'native' });
  await gateway.admin('POST', `/accounts/${id}/webhook-endpoints`, { dialect: 'native', url: receiver.url });
  const response = await fetch(`${gateway.url}/v1/generations`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key.key}`,
      'content-type': 'application/json',
      ...(wait > 0 && { prefer: `wait=${wait}` }),
      ...(traceparent !== undefined && { traceparent }),
    },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { id: string; status: string };
};
const IMAGE = { model: 'genlock/image', input: { prompt: 'a red mug', size: '256x256' } };
const TEXT = { model: 'genlock/text', input: { prompt: 'Tell me of the sea.', max_tokens: 24 } };

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

/** Everything that was posted so far, by the name of the span. */
function spans(): Map<string, Span & { readonly facts: Readonly<Record<string, unknown>> }> {
  const all: Span[] = collector.seen
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ json }) => json.resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans);
  return new Map(
    all.map((span) => [
      span.name,
      {
        ...span,
        facts: Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
      },
    ]),
  );
}

const traceparentAt = (double: HttpDouble | OpenAiDouble) => double.seen.at(-1)?.headers.traceparent;

describe('with a collector', () => {
  it('one trace leads from the caller through the job to the upstream and the webhook', async () => {
    await start(`telemetry: { otlp: ${collector.url} }`);
    const { id } = await order(IMAGE, TRACEPARENT);
    await receiver.called('POST /', 1);
    await gateway.close();
    const found = spans();
    const path = ['POST /v1/generations', 'admit', 'attempt', 'call up', 'settle', 'webhook'];
    for (const name of path) expect(found.get(name)?.traceId, name).toBe(TRACE);
    const idOf = (name: string) => found.get(name)?.spanId;
    const [http, admit, attempt, call, settle, webhook] = path.map((name) => found.get(name)?.parentSpanId);
    expect({ http, admit, attempt, call, settle, webhook }).toEqual({
      http: CALLER,
      admit: idOf('POST /v1/generations'),
      attempt: idOf('POST /v1/generations'),
      call: idOf('attempt'),
      settle: idOf('POST /v1/generations'),
      webhook: idOf('POST /v1/generations'),
    });
    expect(traceparentAt(upstream)).toBe(`00-${TRACE}-${idOf('call up')}-01`);
    expect(traceparentAt(receiver)).toBe(`00-${TRACE}-${idOf('webhook')}-01`);
    expect(found.get('POST /v1/generations')).toMatchObject({
      kind: 2,
      facts: {
        'http.route': '/v1/generations',
        'http.response.status_code': 201,
        'genlock.generation': id,
      },
    });
    expect(found.get('call up')).toMatchObject({
      kind: 3,
      facts: { 'genlock.generation': id, 'genlock.model': 'painter' },
    });
    expect(JSON.stringify([...found])).not.toContain('a red mug');
  });

  it('says which part failed, and why', async () => {
    await start(`telemetry: { otlp: ${collector.url} }`);
    upstream.script(
      'POST /v1/images/generations',
      ...Array.from({ length: 9 }, () => ({ status: 400, body: { error: { message: 'no' } } })),
    );
    await order(IMAGE);
    await gateway.close();
    const { facts, status } = spans().get('attempt') ?? {};
    expect(status).toEqual({ code: 2 });
    expect(facts?.['error.type']).toMatch(/^[a-z_]+$/);
    // If the caller has no trace, the request is the root.
    expect(spans().get('POST /v1/generations')?.parentSpanId).toBeUndefined();
  });

  it('follows text that is answered as it runs', async () => {
    await start(`telemetry: { otlp: ${collector.url} }`);
    await order(TEXT, TRACEPARENT);
    await gateway.close();
    const found = spans();
    expect(found.get('call up')?.parentSpanId).toBe(found.get('attempt')?.spanId);
    expect(traceparentAt(upstream)).toBe(`00-${TRACE}-${found.get('call up')?.spanId}-01`);
  });

  it('is found by the variables of OpenTelemetry, too', async () => {
    await start('', { env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` } });
    await order(IMAGE, TRACEPARENT);
    await gateway.close();
    expect(spans().has('attempt')).toBe(true);
  });

  it('records what the caller records, and of its own traces a share', async () => {
    await start(`telemetry: { otlp: ${collector.url}, sample: 0 }`);
    await order(IMAGE);
    await order(IMAGE, TRACEPARENT.replace(/01$/, '00'));
    // Not recorded, but still one trace for those that come after.
    expect(traceparentAt(upstream)).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    await order(IMAGE, TRACEPARENT);
    await gateway.close();
    expect(new Set([...spans().values()].map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
  });

  it('costs a line in the log where it is away, and nothing else', async () => {
    const told: string[] = [];
    const log = { ...silentLog, warn: (_fields: object, event: string) => told.push(event) };
    await start(`telemetry: { otlp: "http://127.0.0.1:1" }`, { log });
    expect((await order(IMAGE)).status).toBe('succeeded');
    await gateway.close();
    expect(told).toContain('traces not sent');
  });
});

describe('without a collector', () => {
  it('a trace context is handed on as it came', async () => {
    await start();
    await order(IMAGE, TRACEPARENT);
    await receiver.called('POST /', 1);
    expect([traceparentAt(upstream), traceparentAt(receiver)]).toEqual([TRACEPARENT, TRACEPARENT]);
    await order(TEXT, TRACEPARENT);
    expect(traceparentAt(upstream)).toBe(TRACEPARENT);
  });

  it.each([undefined, 'nonsense', `00-${'0'.repeat(32)}-${CALLER}-01`, TRACEPARENT.toUpperCase()])(
    'nothing is handed on of %j',
    async (traceparent) => {
      await start();
      await order(IMAGE, traceparent);
      await receiver.called('POST /', 1);
      expect([traceparentAt(upstream), traceparentAt(receiver)]).toEqual([undefined, undefined]);
    },
  );

  it('survives a restart on its way from the queue to the provider', async () => {
    await start('', { worker: false });
    await order(IMAGE, TRACEPARENT, 0);
    gateway = await gateway.restart({ worker: true });
    await upstream.called('POST /v1/images/generations', 1);
    expect(traceparentAt(upstream)).toBe(TRACEPARENT);
  });
});
