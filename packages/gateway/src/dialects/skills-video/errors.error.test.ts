import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { provokes } from '../../testing/coverage.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  type Customer,
  caller,
  create,
  customer,
  expectFault,
  expectRefused,
  expectToFail,
  FILM,
  IMAGE,
  idOf,
  P,
  SAY,
  SPEAK,
  SPEECH,
  started,
  steer,
  stream,
} from './testing.ts';

let gateway: TestGateway;
let ann: Customer;

beforeAll(async () => {
  gateway = await startTestGateway();
});
beforeEach(async () => {
  ann = await customer(gateway);
});
afterAll(() => gateway.close());

const fault = (body: object) => gateway.admin('POST', '/faults', body);

describe('INSUFFICIENT_CREDITS', () => {
  beforeEach(async () => {
    ann = await customer(gateway, { credit_usd: '0' });
  });

  provokes(
    'skills-video',
    'IMAGE_GENERATION_INSUFFICIENT_CREDITS@402',
    'less than one image costs',
    async () => {
      await expectRefused(gateway, ann, IMAGE, P, 'IMAGE_GENERATION_INSUFFICIENT_CREDITS@402');
    },
  );

  it('lets exactly one of two pass when only one is affordable', async () => {
    const bob = await customer(gateway, { credit_usd: '0.05' });
    const answers = await Promise.all([
      bob.call('POST', create(IMAGE), P),
      bob.call('POST', create(IMAGE), P),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 402]);
  });

  provokes('skills-video', 'VIDEO_GENERATION_INSUFFICIENT_CREDITS@402', '15 s with 10 credits', async () => {
    ann = await customer(gateway, { credit_usd: '0.10' });
    await expectRefused(
      gateway,
      ann,
      FILM,
      { ...P, duration: 15 },
      'VIDEO_GENERATION_INSUFFICIENT_CREDITS@402',
    );
  });

  provokes(
    'skills-video',
    'TTS_GENERATION_INSUFFICIENT_CREDITS@402',
    'speech with nothing, but never synchronously',
    async () => {
      await expectRefused(gateway, ann, SPEECH, { text: 'x' }, 'TTS_GENERATION_INSUFFICIENT_CREDITS@402');
      expect((await ann.call('POST', SPEAK, SAY)).status).toBe(200);
    },
  );
});

describe('RATE_LIMITED', () => {
  /** Fills the only slot, then asks for one more. */
  async function crowd(model: string, body: object, row: string): Promise<void> {
    ann = await customer(gateway, { account: { limits: { concurrent: 1 } } });
    const first = idOf(await ann.call('POST', create(model), body, steer('delay=600s')));
    await started(gateway, first);
    for (const path of [create(model), stream(model)]) expectFault(await ann.call('POST', path, body), row);
    await gateway.admin('POST', `/generations/${first}/cancel`);
    expect((await ann.call('POST', create(model), body, steer('error=upstream_failed'))).status).toBe(202);
  }

  provokes(
    'skills-video',
    'IMAGE_GENERATION_RATE_LIMITED@429',
    'more at once than the workspace may',
    async () => {
      await crowd(IMAGE, P, 'IMAGE_GENERATION_RATE_LIMITED@429');
    },
  );
  provokes(
    'skills-video',
    'VIDEO_GENERATION_RATE_LIMITED@429',
    'more at once, or too many in a minute',
    async () => {
      await crowd(FILM, P, 'VIDEO_GENERATION_RATE_LIMITED@429');
      const bob = await customer(gateway, { key: { limits: { requests_per_minute: 1 } } });
      await bob.call('POST', create(FILM), P, steer('error=upstream_failed'));
      expectFault(await bob.call('POST', create(FILM), P), 'VIDEO_GENERATION_RATE_LIMITED@429');
    },
  );
  provokes(
    'skills-video',
    'TTS_GENERATION_RATE_LIMITED@429',
    'a burst beyond the limit, with and without a key',
    async () => {
      await crowd(SPEECH, { text: 'x' }, 'TTS_GENERATION_RATE_LIMITED@429');
      for (const call of [caller(gateway), (await customer(gateway)).call]) {
        const burst = await Promise.all(
          Array.from({ length: 25 }, () =>
            call('POST', SPEAK, SAY, steer('delay=1s error=content_rejected')),
          ),
        );
        const limited = burst.filter(({ status }) => status === 429);
        expect(limited.length).toBe(5);
        for (const answer of limited) expectFault(answer, 'TTS_GENERATION_RATE_LIMITED@429');
      }
    },
  );
  provokes(
    'skills-video',
    'IMAGE_GENERATION_RATE_LIMITED@job',
    'the backend is at its own limit',
    async () => {
      await expectToFail(
        gateway,
        ann,
        IMAGE,
        P,
        'IMAGE_GENERATION_RATE_LIMITED@job',
        'error=upstream_rate_limited',
      );
    },
  );
  provokes(
    'skills-video',
    'VIDEO_GENERATION_RATE_LIMITED@job',
    'the backend is at its own limit',
    async () => {
      await expectToFail(
        gateway,
        ann,
        FILM,
        P,
        'VIDEO_GENERATION_RATE_LIMITED@job',
        'error=upstream_rate_limited',
      );
    },
  );
  provokes('skills-video', 'TTS_GENERATION_RATE_LIMITED@job', 'the backend is at its own limit', async () => {
    await expectToFail(
      gateway,
      ann,
      SPEECH,
      { text: 'x' },
      'TTS_GENERATION_RATE_LIMITED@job',
      'error=upstream_rate_limited',
    );
  });
  provokes('skills-video', 'RATE_LIMITED@429', 'too many reads', async () => {
    const bob = await customer(gateway, { key: { limits: { reads_per_minute: 1 } } });
    expect((await bob.call('GET', '/api/v1/credits')).status).toBe(200);
    for (const path of ['/api/v1/credits', '/api/v1/generation/gen_nope', '/api/v1/models'])
      expectFault(await bob.call('GET', path), 'RATE_LIMITED@429');
    expect((await bob.call('POST', create(IMAGE), P)).status).toBe(202);
  });
});

describe('the rest', () => {
  const reads: readonly (readonly [string, string, unknown?])[] = [
    ['GET', '/api/v1/generation/gen_nope'],
    ['GET', '/api/v1/credits'],
    ['GET', '/api/v1/models'],
    ['POST', create(IMAGE), P],
    ['POST', stream(FILM), P],
  ];

  provokes('skills-video', 'UNAUTHORIZED@401', 'no key, or no good one', async () => {
    const revoked = await customer(gateway);
    await gateway.admin('PATCH', `/keys/${revoked.key.id}`, { status: 'revoked' });
    const other = await gateway.customer({ dialect: 'kiara' });
    for (const authorization of [
      undefined,
      '',
      'Basic eDp5',
      `Bearer ${revoked.key.key}`,
      `Bearer ${other.key.key}`,
      'Bearer sk_unknown',
      `bearer${ann.key.key}`,
    ]) {
      const headers = authorization === undefined ? {} : { authorization };
      for (const [method, path, body] of reads)
        expectFault(await caller(gateway)(method, path, body, headers), 'UNAUTHORIZED@401');
      if (authorization !== undefined)
        expectFault(await caller(gateway)('POST', SPEAK, SAY, headers), 'UNAUTHORIZED@401');
    }
  });

  provokes('skills-video', 'FORBIDDEN@403', 'the Free plan, and what is paused or not allowed', async () => {
    const free = await customer(gateway, { account: { plan: 'free' } });
    const far = await customer(gateway, { key: { allowed_ips: ['203.0.113.7'] } });
    const paused = await customer(gateway);
    await gateway.admin('PATCH', `/accounts/${paused.id}`, { status: 'paused' });
    for (const { call } of [free, far, paused])
      for (const [method, path, body] of [...reads, ['POST', SPEAK, SAY] as const])
        expectFault(await call(method, path, body), 'FORBIDDEN@403');
  });

  provokes('skills-video', 'NOT_FOUND@404', 'unknown tasks, routes and methods', async () => {
    const bob = await customer(gateway);
    const foreign = idOf(await bob.call('POST', create(IMAGE), P));
    for (const id of ['gen_nope', foreign, '%00', 'x'.repeat(400)])
      expectFault(await ann.call('GET', `/api/v1/generation/${id}`), 'NOT_FOUND@404');
    const nowhere: readonly (readonly [string, string])[] = [
      ['DELETE', '/api/v1/generation/x'],
      ['POST', '/api/v1/generation/x'],
      ['POST', '/api/v1/generation/sse/x'],
      ['GET', create(FILM)],
      ['GET', SPEAK],
      ['PUT', '/api/v1/credits'],
      ['GET', '/'],
      ['GET', ''],
      ['GET', '/api/v1/generation'],
      ['GET', '/api/v1/%ff'],
      ['GET', '/files/a/b/c'],
    ];
    for (const call of [ann.call, caller(gateway)])
      for (const [method, path] of nowhere) expectFault(await call(method, path), 'NOT_FOUND@404');
  });

  provokes('skills-video', 'INTERNAL_SERVER_ERROR@500', 'the store cannot be written, or read', async () => {
    for (const point of ['store.write', 'ledger']) {
      await fault({ point, effect: 'error', times: 2 });
      await expectRefused(gateway, ann, IMAGE, P, 'INTERNAL_SERVER_ERROR@500');
    }
    await fault({ point: 'store.write', effect: 'error' });
    expectFault(await caller(gateway)('POST', SPEAK, SAY), 'INTERNAL_SERVER_ERROR@500');
    await fault({ point: 'store.read', effect: 'error' });
    expectFault(await ann.call('GET', '/api/v1/generation/gen_x'), 'INTERNAL_SERVER_ERROR@500');
    await fault({ point: 'limiter', effect: 'down' });
    expectFault(await ann.call('GET', '/api/v1/credits'), 'INTERNAL_SERVER_ERROR@500');
  });

  it('is told in its own shape where no request was, too', async () => {
    const { connect } = await import('node:net');
    const { port } = new URL(gateway.url);
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET /skills-video/x HTTP/9.9\r\n\r\n'),
      );
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('close', () => resolve(received));
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"code":"VIDEO_GENERATION_INVALID_INPUT"');
  });
});
