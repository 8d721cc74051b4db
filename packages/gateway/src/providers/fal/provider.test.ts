import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Provider } from '../port.ts';
import { callFor, runToEnd, tools } from '../upstream/testing/call.ts';
import { createFal } from './provider.ts';
import type { Settings } from './settings.ts';
import { type FalDouble, KEY, startFalDouble } from './testing/double.ts';

const MODEL = 'acme/painter/dev';

let double: FalDouble;
let provider: Provider;
beforeEach(async () => {
  double = await startFalDouble();
  provider = create();
});
afterEach(async () => {
  await provider.close?.();
  await double.close();
});

const create = (settings: Partial<Settings> = {}): Provider =>
  createFal('up', { base_url: double.url, api_key: KEY, ...settings }, tools);

describe('a request', () => {
  it('tells what it cost, where the operator said what a unit costs', async () => {
    const priced = create({ models: { [MODEL]: { usd_per_unit: '0.025' } } });
    expect(await runToEnd(priced, callFor(MODEL))).toMatchObject({ state: 'finished', cost: 37_500 });
    await priced.close?.();
    expect(await runToEnd(provider, callFor(MODEL))).not.toHaveProperty('cost');
  });

  it.each([
    // fal does not charge for server failures, whatever their words.
    [500, { detail: 'Internal Server Error' }, 'upstream_failed', 'no'],
    [503, { detail: 'Gone.', error_type: 'runner_disconnected' }, 'upstream_unavailable', 'no'],
    [504, { detail: [{ type: 'generation_timeout', msg: 'Too slow.' }] }, 'upstream_timeout', 'no'],
    [422, { detail: [{ type: 'no_media_generated', msg: 'Nothing.' }] }, 'upstream_invalid_result', 'yes'],
    [499, { detail: 'Canceled.', error_type: 'client_cancelled' }, 'upstream_failed', 'yes'],
  ])('that ended with %i %j has failed', async (status, body, code, accepted) => {
    double.ends({ status, body });
    expect(await runToEnd(provider, callFor(MODEL))).toMatchObject({
      state: 'failed',
      error: { code, detail: { accepted } },
    });
  });

  it('whose result cannot be had is asked for again', async () => {
    double.ends({ status: 502, body: '<html>Bad Gateway</html>' });
    await expect(runToEnd(provider, callFor(MODEL))).rejects.toMatchObject({ code: 'upstream_failed' });
  });
});
