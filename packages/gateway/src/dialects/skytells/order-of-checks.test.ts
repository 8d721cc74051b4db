import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import {
  type Call,
  caller,
  customer,
  expectFault,
  IMG,
  type MediaServer,
  serveMedia,
  VID,
  withModel,
} from './testing.ts';

let gateway: TestGateway;
let media: MediaServer;
let call: Call;
let poor: Call;
beforeAll(async () => {
  [gateway, media] = await Promise.all([startTestGateway(), serveMedia()]);
  call = (await customer(gateway)).call;
  poor = (await customer(gateway, { credit_usd: '0' })).call;
});
afterAll(async () => {
  media.close();
  await gateway.close();
});

const predict = (body: unknown, headers = {}, by = call) => by('POST', '/v1/predict', body, headers);

/** Contract section 3: if two steps fail, the earlier one is reported. */
describe('the order of checks', () => {
  it('asks for the key before anything', async () => {
    const nobody = caller(gateway, 'sk-unknown');
    expectFault(await nobody('POST', '/v1/predict', '{"model":'), 'UNAUTHORIZED@401');
    expectFault(await nobody('GET', '/v1/nope'), 'UNAUTHORIZED@401');
    expectFault(await nobody('GET', '/v1/predictions?per_page=0'), 'UNAUTHORIZED@401');
  });

  it('counts before it reads', async () => {
    const { call: limited } = await customer(gateway, { limits: { requests_per_minute: 1 } });
    await limited('GET', '/v1/models');
    expectFault(await limited('POST', '/v1/predict', '{"model":'), 'RATE_LIMIT_EXCEEDED@429');
    expectFault(await limited('GET', '/v1/nope'), 'RATE_LIMIT_EXCEEDED@429');
  });

  it('reads before it validates, the model first', async () => {
    expectFault(await predict('{"input":5,'), 'INVALID_REQUEST@400');
    expectFault(await predict({ input: 5 }), 'VALIDATION_ERROR@422', expect.stringContaining('model'));
    expectFault(
      await predict({ model: 'no-such-model' }),
      'VALIDATION_ERROR@422',
      expect.stringContaining('input'),
    );
  });

  it('finds the model, then looks at its state, price and kind', async () => {
    expectFault(await predict({ model: 'no-such-model', input: {} }), 'MODEL_NOT_FOUND@404');
    await withModel(gateway, 'deepbrain-router', { status: 'inactive', billable: false }, async () =>
      expectFault(await predict({ model: 'deepbrain-router', input: {} }), 'MODEL_NOT_ACTIVE@403'),
    );
    await withModel(gateway, 'deepbrain-router', { billable: false }, async () =>
      expectFault(await predict({ model: 'deepbrain-router', input: {} }), 'MODEL_NOT_BILLABLE@403'),
    );
    expectFault(await predict({ model: 'deepbrain-router', input: {} }), 'MODEL_NOT_SUPPORTED@422');
  });

  it('looks at the input before combinations, at these before the plan', async () => {
    const clash = { seconds: 3, duration_seconds: 3 };
    expectFault(await predict({ ...VID, input: clash }), 'VALIDATION_ERROR@422');
    const input = { prompt: 'x', ...clash, watermark: false };
    expectFault(await predict({ ...VID, input }), 'INVALID_PARAMETER_COMBINATION@400');
  });

  it('goes through the branch of video in its order', async () => {
    const lip = (input: object) => predict({ model: 'lipfusion', input });
    await withModel(gateway, 'lipfusion', { input_field: null }, async () => {
      expectFault(await lip({ watermark: false }), 'PARAMETER_NOT_ALLOWED@403');
      expectFault(await lip({}), 'INPUT_FIELD_MISSING@500');
    });
    expectFault(await lip({}), 'ASSET_URL_REQUIRED@422');
    const short = { model: 'lipfusion', input: { video: `${media.url}/3.9.mp4` } };
    expectFault(await predict(short, {}, poor), 'VIDEO_DURATION_LESS_THAN_4_SECONDS@422');
    const broken = { model: 'lipfusion', input: { video: `${media.url}/cut.mp4` } };
    expectFault(await predict(broken, {}, poor), 'FAILED_TO_CALCULATE_VIDEO_DURATION@422');
  });

  it('asks for credits before routes, and for both before the serving', async () => {
    await withModel(gateway, 'truefusion', { routes: [] }, async () => {
      expectFault(await predict(IMG, {}, poor), 'INSUFFICIENT_CREDITS@402');
      expectFault(
        await predict(IMG, { 'genlock-sandbox': 'error=upstream_failed at=admit' }),
        'PREDICTION_ERROR@503',
      );
    });
    const refused = { 'genlock-sandbox': 'error=upstream_failed at=admit' };
    expectFault(await predict(IMG, refused, poor), 'INSUFFICIENT_CREDITS@402');
  });

  it('asks the serving before it charges', async () => {
    await gateway.admin('POST', '/faults', { point: 'ledger', effect: 'error' });
    const refused = { 'genlock-sandbox': 'error=upstream_failed at=admit' };
    expectFault(await predict(IMG, refused), 'PREDICTION_FAILED@502');
    expectFault(await predict(IMG), 'CREDITS_DEDUCTION_FAILED@500');
  });

  it('reads a list query from what clashes to what is not there', async () => {
    const list = (query: string) => call('GET', `/v1/predictions?${query}`);
    expectFault(await list('page=1&page=2&per_page=0'), 'INVALID_PARAMETER_COMBINATION@400');
    expectFault(await list('per_page=0&from=x'), 'INVALID_PARAMETER@400');
    expectFault(await list('from=x&to=2026-01-01'), 'INVALID_DATE_FORMAT@400');
    expectFault(await list('from=2026-02-01&to=2026-01-01&model=nope'), 'INVALID_DATE_RANGE@400');
  });
});
