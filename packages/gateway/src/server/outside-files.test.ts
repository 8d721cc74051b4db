import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';

/*
 * Every place that fetches a URL from outside, against every way in which a server can harm whoever does. The emulator may call 127.0.0.1;
 * 0.0.0.0 is the same machine by an address that it may not call.
 */
const traps = ['/redirect', '/gzip', '/endless', '/slow', '/cut', '/bomb.png'] as const;
type Trap = (typeof traps)[number];

let gateway: TestGateway;
let files: string;
let key: (dialect: string) => string;
let reached = 0;
/** Resolved when the gateway hangs up on one of these before its answer was complete. */
const hungUp = new Map<string, PromiseWithResolvers<void>>();
function leaving(url: string): PromiseWithResolvers<void> {
  const known = hungUp.get(url) ?? Promise.withResolvers<void>();
  hungUp.set(url, known);
  return known;
}
const servers: (Server | ReturnType<typeof createTcpServer>)[] = [];

async function listen(server: (typeof servers)[number]): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Grey, 60,000 pixels wide and high according to a valid header. */
function bomb(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length);
    frame.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
  };
  const head = Buffer.from([0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 0, 0, 0, 0]);
  const rows = deflateSync(Buffer.alloc(1_000_000));
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', rows),
    end,
  ]);
}

const BOMB = bomb();
/** More than any place accepts, once it is decoded. */
const ZEROES = gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 1 });

function trap(forbidden: string): RequestListener {
  return (request, response) => {
    request.resume();
    const [path] = request.url?.split('?') ?? [];
    response
      .on('error', () => {})
      .on('close', () => response.writableFinished || leaving(request.url ?? '').resolve());
    if (path === '/redirect') response.writeHead(302, { location: forbidden }).end();
    else if (path === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(ZEROES);
    else if (path === '/bomb.png') response.end(BOMB);
    else if (path === '/cut') {
      response.writeHead(200, { 'content-length': '9' }).write('x', () => response.destroy());
    } else if (path === '/slow') response.write('x');
    else if (path === '/endless') {
      const pump = () => {
        while (!response.destroyed && response.write(ZEROES));
      };
      response.on('drain', pump);
      pump();
    } else response.end();
  };
}

beforeAll(async () => {
  const canary = createTcpServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  files = `http://127.0.0.1:${await listen(createServer(trap(`http://0.0.0.0:${await listen(canary)}/`)))}`;
  // Its result is at the URL in the prompt.
  const upstream = createServer(async (request, response) => {
    const { prompt } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { prompt: string };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ created: 1, data: [{ url: prompt }] }));
  });
  gateway = await startTestGateway({
    config: `
deadlines: { image: 30s }
retries: { max_attempts: 1 }
route_health: { min_calls: 30, window: 30 }
providers: { up: { type: openai-compatible, base_url: "http://127.0.0.1:${await listen(upstream)}/v1", api_key: k } }
models:
  kiara/kiara-vogue: { routes: [up/picture] }
  # Only who waits for a slow server takes these.
  kiara/kiara-image-pro: { routes: [up/picture], deadline: 2s }
  kiara/kiara-reference: { deadline: 2s }
dialects: { native: { webhook: { timeout: 3s, retries: 0 } } }
`,
  });
  const { id } = await gateway.createAccount({ credit_usd: '100' });
  const keys = new Map<string, string>();
  for (const dialect of ['native', 'kiara', 'llmtune'])
    keys.set(dialect, (await gateway.createKey(id, { dialect })).key);
  key = (dialect) => keys.get(dialect) ?? '';
});
afterAll(async () => {
  await gateway.close();
  for (const server of servers) server.close();
});

async function post(
  dialect: string,
  path: string,
  body: object,
): Promise<{ status: number; text: string; id: string }> {
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key(dialect)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, id: (JSON.parse(text) as { id?: string }).id ?? '' };
}

interface Truth {
  readonly status: string;
  readonly error: { readonly code: string } | null;
  readonly charged_usd: string | null;
  readonly deliveries: readonly {
    readonly status: string;
    readonly attempts: readonly { error: string | null }[];
  }[];
}

/** The operator's view of a job, once it fulfils `so`. */
async function until(id: string, so: (truth: Truth) => boolean): Promise<Truth> {
  for (;;) {
    const { body } = await gateway.admin<Truth>('GET', `/generations/${id}`);
    if (so(body)) return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const order = (body: object) => post('kiara', '/kiara/v1/generations', body);

async function codeOf({ id }: { readonly id: string }): Promise<string> {
  const { error } = await until(id, ({ status }) => status === 'succeeded' || status === 'failed');
  return error?.code ?? 'delivered';
}

/** The outcome of each place with each server. */
const places: readonly {
  readonly place: string;
  readonly follow: (url: string) => Promise<string>;
  readonly ends: Readonly<Record<Trap, string>>;
}[] = [
  {
    place: 'a source picture',
    follow: async (url) => {
      const product = url.includes('/slow') ? 'kiara-reference' : 'kiara-edit';
      return codeOf(await order({ prompt: 'x', product, source_image_url: url }));
    },
    ends: {
      '/redirect': 'media_unreadable',
      '/gzip': 'media_unreadable',
      '/endless': 'media_unreadable',
      '/slow': 'upstream_timeout',
      '/cut': 'media_unreadable',
      '/bomb.png': 'invalid_media',
    },
  },
  {
    place: 'a result of an upstream',
    follow: async (url) => {
      // What broke off is tried again until the deadline.
      const product = /slow|cut/.test(url) ? 'kiara-image-pro' : 'kiara-vogue';
      return codeOf(await order({ prompt: url, product }));
    },
    ends: {
      '/redirect': 'upstream_invalid_result',
      '/gzip': 'upstream_invalid_result',
      '/endless': 'upstream_invalid_result',
      '/slow': 'upstream_timeout',
      '/cut': 'upstream_timeout',
      '/bomb.png': 'upstream_invalid_result',
    },
  },
  {
    place: 'a dataset',
    follow: async (dataset) => {
      const baseModel = 'meta-llama/Llama-3.3-70B-Instruct';
      const { status, text } = await post('llmtune', '/llmtune/v1/fine-tune', { baseModel, dataset });
      return `${status} ${(JSON.parse(text) as { message: string }).message}`;
    },
    ends: {
      '/redirect': '400 The dataset could not be read within 5 s.',
      '/gzip': '400 The dataset must be at most 32 MB.',
      '/endless': '400 The dataset must be at most 32 MB.',
      '/slow': '400 The dataset could not be read within 5 s.',
      '/cut': '400 The dataset could not be read within 5 s.',
      '/bomb.png': '400 Line 1 of the dataset is not valid UTF-8.',
    },
  },
  {
    place: 'a webhook',
    follow: async (url) => {
      const { id } = await post('native', '/v1/generations', {
        model: 'genlock/image',
        input: { prompt: '[[sandbox error=content_rejected]]' },
        webhook: { url, events: ['generation.failed'] },
      });
      const { deliveries } = await until(
        id,
        ({ deliveries: [one] }) => one !== undefined && one.status !== 'pending',
      );
      return `${deliveries[0]?.status} ${deliveries[0]?.attempts[0]?.error}`;
    },
    // A receiver that answered 200 has the webhook, and nobody waits for the rest.
    ends: {
      '/redirect': 'failed answered 302, redirects are not followed',
      '/gzip': 'delivered null',
      '/endless': 'delivered null',
      '/slow': 'delivered null',
      '/cut': 'delivered null',
      '/bomb.png': 'delivered null',
    },
  },
];

describe.each(places)('$place', ({ place, follow, ends }) => {
  it('is led nowhere inside, and neither filled nor held up for ever', async () => {
    const led = traps.map(async (path) => {
      const mark = `${path}?${place.replaceAll(' ', '-')}`;
      const end = await follow(files + mark);
      if (path === '/endless' || path === '/slow') await leaving(mark).promise;
      return [path, end];
    });
    expect(Object.fromEntries(await Promise.all(led))).toEqual(ends);
    expect(reached).toBe(0);
  });
});
