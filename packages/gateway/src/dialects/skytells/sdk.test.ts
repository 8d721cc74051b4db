import { createClient, type SkytellsClient, SkytellsError } from 'skytells';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';

/* The vendor's own client from npm against the server: what it can do, and how it understands each refusal. */

let gateway: TestGateway;
let client: SkytellsClient;
const clientFor = (key: string): SkytellsClient =>
  createClient(key, { baseUrl: `${gateway.url}/skytells/v1` });

beforeAll(async () => {
  gateway = await startTestGateway();
  const { key } = await gateway.customer({
    dialect: 'skytells',
    key: { limits: { requests_per_minute: 10_000, concurrent: 100 } },
  });
  client = clientFor(key.key);
});
afterAll(() => gateway.close());

const image = (prompt: string) => ({ model: 'truefusion', input: { prompt, width: 64, height: 64 } });

async function refusal(call: Promise<unknown>): Promise<SkytellsError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SkytellsError)) throw new Error(`expected a SkytellsError, got ${String(error)}`);
  return error;
}

async function ended(id: string): Promise<{ status: string; output?: unknown }> {
  for (;;) {
    const prediction = await client.getPrediction(id);
    if (['succeeded', 'failed', 'cancelled'].includes(prediction.status)) return prediction;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('skytells 1.0.0', () => {
  it('predicts, waits, and downloads the picture', async () => {
    const prediction = await client.predict(image('a red mug'));
    expect(prediction.id).toMatch(/^[0-9a-f-]{36}$/);
    const done = await ended(prediction.id);
    expect(done.status).toBe('succeeded');
    const [url] = done.output as string[];
    const picture = await fetch(url ?? '');
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toMatch(/^image\//);
  });

  it('lists models as an array', async () => {
    const models = await client.listModels();
    expect(models.map(({ namespace }) => namespace)).toContain('truefusion');
  });

  it('reads stream metadata, cancels and deletes', async () => {
    const { id } = await client.predict(image('slow [[sandbox delay=30s]]'));
    expect((await client.streamPrediction(id)).urls?.stream).toContain(id);
    expect((await client.cancelPrediction(id)).status).toBe('cancelled');
    expect((await client.deletePrediction(id)).id).toBe(id);
    expect((await refusal(client.getPrediction(id))).errorId).toBe('ACCESS_DENIED');
  });

  it.each([
    ['an unknown model', { model: 'nope', input: { prompt: 'x' } }, 'MODEL_NOT_FOUND', 404],
    ['no input', { model: 'truefusion' }, 'VALIDATION_ERROR', 422],
    ['a text model', { model: 'deepbrain-router', input: { prompt: 'x' } }, 'MODEL_NOT_SUPPORTED', 422],
  ])('understands the refusal of %s', async (_, payload, errorId, httpStatus) => {
    expect(await refusal(client.predict(payload as Parameters<SkytellsClient['predict']>[0]))).toMatchObject({
      errorId,
      httpStatus,
    });
  });

  it('understands a bad key, an empty account and an unknown prediction', async () => {
    expect(await refusal(clientFor('sk-nope').listModels())).toMatchObject({
      errorId: 'UNAUTHORIZED',
      httpStatus: 401,
    });
    const poor = await gateway.customer({ dialect: 'skytells', credit_usd: '0' });
    expect(await refusal(clientFor(poor.key.key).predict(image('x')))).toMatchObject({
      errorId: 'INSUFFICIENT_CREDITS',
      httpStatus: 402,
    });
    expect(await refusal(client.getPrediction('0b9d3a52-6c1e-4f0a-9d0e-3d1f6f5f2a11'))).toMatchObject({
      errorId: 'ACCESS_DENIED',
      httpStatus: 502,
    });
  });

  it('understands the rate limit', async () => {
    const { key } = await gateway.customer({
      dialect: 'skytells',
      key: { limits: { requests_per_minute: 1 } },
    });
    const limited = clientFor(key.key);
    await limited.listModels();
    expect(await refusal(limited.listModels())).toMatchObject({
      errorId: 'RATE_LIMIT_EXCEEDED',
      httpStatus: 429,
    });
  });

  it('sees a failed job as a resource, and a dead backend as an error', async () => {
    const { id } = await client.predict(image('x [[sandbox error=content_rejected]]'));
    expect(await ended(id)).toMatchObject({ status: 'failed', output: null });
    expect(
      (await refusal(client.predict(image('x [[sandbox error=upstream_unavailable at=admit]]')))).httpStatus,
    ).toBe(502);
  });
});
