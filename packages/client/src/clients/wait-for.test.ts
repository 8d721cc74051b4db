import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type BadServer,
  type Behaviour,
  drop,
  hang,
  refuse,
  startBadServer,
} from '../../testing/bad-server.ts';
import {
  createClient,
  createGetimgClient,
  createKiaraClient,
  createLLMTuneClient,
  createSkillsVideoClient,
  createSkytellsClient,
  type JobState,
  type Progress,
  waitFor,
} from '../index.ts';

let server: BadServer;
beforeAll(async () => {
  server = await startBadServer();
  // No back-off.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await server.close();
});

const tell = (body: object): Behaviour => refuse(200, body);
const at = () => ({ baseUrl: server.url, apiKey: 'k', attempts: 1 });
const quick = { intervalMs: 5 };
const QUEUED = { id: 'gen_1', status: 'queued' };
const DONE = { id: 'gen_1', status: 'completed', result: null };

describe('waiting', () => {
  it('goes on over what may pass: dropped connections, half answers, 429, 5xx, pages of HTML', async () => {
    const half: Behaviour = (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 99 });
      response.write('{"id":', () => response.destroy());
    };
    server.next(
      drop,
      half,
      refuse(502, '<html>bad gateway</html>'),
      refuse(503, { error: { code: 'service_unavailable', message: 'm' } }, { 'retry-after': '0' }),
      refuse(200, '<html>hello</html>'),
      refuse(429, { error: { code: 'rate_limited', message: 'm' } }, { 'retry-after-ms': '3' }),
      tell(DONE),
    );
    const kiara = createKiaraClient(at());
    expect(await waitFor(kiara.generations, 'gen_1', quick)).toEqual(DONE);
    expect(server.arrivals).toHaveLength(7);
  });

  it('takes a state that it does not know for one that has not ended, until the deadline', async () => {
    const seen: Progress<unknown>[] = [];
    server.next(tell({ id: 'gen_1', status: 'napping' }), tell(DONE));
    const kiara = createKiaraClient(at());
    const onProgress = (progress: Progress<unknown>) => seen.push(progress);
    await kiara.generations.wait('gen_1', { ...quick, onProgress });
    expect(seen.map(({ state }) => state)).toEqual([undefined, 'succeeded']);
    server.next(...Array.from({ length: 999 }, () => tell({ id: 'gen_1', status: 'napping' })));
    await expect(kiara.generations.wait('gen_1', { ...quick, timeoutMs: 60 })).rejects.toMatchObject({
      code: 'outcome_unknown',
      generationId: 'gen_1',
      mayHaveBeenCharged: true,
      raw: { status: 'napping' },
    });
  });

  it('looks once more at the deadline, and once where none is given time', async () => {
    const kiara = createKiaraClient(at());
    server.next(tell(DONE));
    expect(await kiara.generations.wait('gen_1', { timeoutMs: 0 })).toEqual(DONE);
    server.next(tell(QUEUED), tell(DONE));
    expect(await kiara.generations.wait('gen_1', { intervalMs: 60_000, timeoutMs: 30 })).toEqual(DONE);
  });

  it('gives up with the last trouble as the cause', async () => {
    const kiara = createKiaraClient(at());
    server.next(...Array.from({ length: 99 }, () => refuse(503, 'down', { 'retry-after': '3600' })));
    await expect(kiara.generations.wait('gen_1', { timeoutMs: 40 })).rejects.toMatchObject({
      code: 'outcome_unknown',
      cause: { code: 'upstream_unavailable', status: 503 },
    });
    expect(server.arrivals).toHaveLength(2);
  });

  it('ends with an error that will not pass', async () => {
    const kiara = createKiaraClient(at());
    server.next(refuse(401, { error: { code: 'authentication_failed', message: 'm' } }));
    await expect(kiara.generations.wait('gen_1', quick)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(server.arrivals).toHaveLength(1);
  });

  it('goes on over the pages of something in between, whatever their status is', async () => {
    const kiara = createKiaraClient(at());
    const pages = [404, 403, 401, 400, 410].map((status) => refuse(status, '<html>no</html>'));
    server.next(...pages, refuse(302, '', { location: 'http://127.0.0.1:1/login' }), tell(DONE));
    expect(await kiara.generations.wait('gen_1', quick)).toEqual(DONE);
    expect(server.arrivals).toHaveLength(7);
  });

  it('says of an error that ends it which job it was, and that it may cost', async () => {
    server.next(refuse(401, { error: { code: 'authentication_failed', message: 'm', request_id: 'req_1' } }));
    await expect(createKiaraClient(at()).generations.wait('gen_1', quick)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'm',
      requestId: 'req_1',
      generationId: 'gen_1',
      mayHaveBeenCharged: true,
    });
  });

  it('does not ask after what has no id, nor take an error for a job', async () => {
    const kiara = createKiaraClient(at());
    server.next(refuse(202, {}));
    await expect(kiara.generations.wait(await kiara.generations.create({} as never))).rejects.toMatchObject({
      code: 'outcome_unknown',
      raw: {},
    });
    expect(server.arrivals).toHaveLength(1);
    server.next(tell({ error: { code: 'not_found', message: 'm' } }));
    await expect(kiara.generations.wait('gen_1', quick)).rejects.toMatchObject({ code: 'not_found' });
    server.next(tell({ error: { code: 'insufficient_balance', message: 'm' } }));
    await expect(kiara.generations.create({} as never)).rejects.toMatchObject({
      code: 'insufficient_credits',
    });
  });

  it('survives a progress bar that fails later', async () => {
    const onProgress = async () => {
      throw new Error('a broken bar');
    };
    server.next(tell(DONE));
    const kiara = createKiaraClient(at());
    expect(await kiara.generations.wait('gen_1', { ...quick, onProgress })).toEqual(DONE);
  });

  it('ends with the signal, also while a look hangs', async () => {
    const kiara = createKiaraClient(at());
    const asked = Promise.withResolvers<IncomingMessage>();
    server.next((response, pay, request) => {
      hang(response, pay, request);
      asked.resolve(request);
    });
    const controller = new AbortController();
    const waiting = kiara.generations.wait('gen_1', { signal: controller.signal });
    await asked.promise;
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('waits first where the job is known, and asks at once where only its id is', async () => {
    const kiara = createKiaraClient(at());
    server.next();
    const waiting = kiara.generations.wait({ ...QUEUED } as never, { signal: AbortSignal.timeout(30) });
    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(server.arrivals).toHaveLength(0);
  });

  it('takes longer than the deadline of a call, where the server holds its answer', async () => {
    const done = { id: 'gen_1', status: 'succeeded', output: { assets: [], text: null } };
    server.next((response, pay, request) => {
      expect(request.headers.prefer).toBe('wait=25');
      setTimeout(() => tell(done)(response, pay, request), 150);
    });
    const client = createClient({ ...at(), deadlineMs: 30 });
    expect(await client.generations.wait('gen_1')).toEqual(done);
    expect(server.arrivals).toHaveLength(1);
  });

  it('does not stop for a failure without a reason', async () => {
    server.next(tell({ id: 'gen_1', status: 'failed' }));
    await expect(createKiaraClient(at()).generations.wait('gen_1', quick)).rejects.toMatchObject({
      code: 'upstream_failed',
      retry: 'after_fix',
    });
  });
});

const native = createClient({ baseUrl: 'http://api.test', apiKey: 'k' }).generations.source;
const kiara = createKiaraClient({ apiKey: 'k' }).generations.source;
const getimg = createGetimgClient({ apiKey: 'k' }).videos.source;
const skytells = createSkytellsClient({ apiKey: 'k' }).predictions.source;
const skillsVideo = createSkillsVideoClient({ apiKey: 'k' }).generations.source;
const { source: batches } = createLLMTuneClient({ apiKey: 'k' }).batches;
const { source: training } = createLLMTuneClient({ apiKey: 'k' }).training;

describe('what the contracts advise', () => {
  it('is kept', () => {
    // Every 2 s, and after the first minute less and less often.
    expect([0, 59_999, 62_000, 66_000, 3_600_000].map(kiara.intervalMs)).toEqual([
      2_000, 2_000, 4_000, 8_000, 30_000,
    ]);
    expect([0, 600_000].map(getimg.intervalMs)).toEqual([5_000, 5_000]);
    expect([0, 600_000].map(skytells.intervalMs)).toEqual([2_000, 5_000]);
    expect([0, 600_000].map(skillsVideo.intervalMs)).toEqual([3_000, 3_000]);
    expect(skillsVideo.timeoutMs).toBe(900_000);
  });

  const rows: readonly (readonly [string, { stateOf(job: never): JobState | undefined }, object])[] = [
    [
      'the native API',
      native,
      {
        queued: 'queued',
        running: 'running',
        succeeded: 'succeeded',
        failed: 'failed',
        canceled: 'canceled',
      },
    ],
    [
      'kiara',
      kiara,
      {
        queued: 'queued',
        processing: 'running',
        completed: 'succeeded',
        failed: 'failed',
        canceled: 'canceled',
      },
    ],
    ['getimg', getimg, { pending: 'running', completed: 'succeeded', failed: 'failed' }],
    [
      'skytells',
      skytells,
      {
        pending: 'queued',
        queued: 'queued',
        starting: 'running',
        started: 'running',
        processing: 'running',
        succeeded: 'succeeded',
        failed: 'failed',
        cancelled: 'canceled',
        canceled: 'canceled',
      },
    ],
    [
      'skills-video',
      skillsVideo,
      {
        IN_QUEUE: 'queued',
        IN_PROGRESS: 'running',
        COMPLETED: 'succeeded',
        FAILED: 'failed',
        CANCELED: 'canceled',
      },
    ],
    ['batches', batches, { queued: 'queued', running: 'running', completed: 'succeeded', failed: 'failed' }],
    [
      'training',
      training,
      {
        pending: 'queued',
        training: 'running',
        completed: 'succeeded',
        failed: 'failed',
        cancelled: 'canceled',
      },
    ],
  ];
  it.each(rows)('of %s: each state is known, and no other', (_name, { stateOf }, states) => {
    for (const [status, state] of Object.entries(states)) expect(stateOf({ status } as never)).toBe(state);
    for (const status of ['napping', '', undefined, false, null])
      expect(stateOf({ status } as never)).toBeUndefined();
  });
});
