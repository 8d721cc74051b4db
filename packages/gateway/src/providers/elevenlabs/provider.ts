import { GenlockError } from '../../domain/error.ts';
import { type Micros, parseUsd } from '../../domain/money.ts';
import type { Delivered, Output, Provider, ProviderCall } from '../port.ts';
import { wavFile } from '../sandbox/speech/wav.ts';
import type { UpstreamAnswer } from '../upstream/failure.ts';
import { order } from '../upstream/order.ts';
import { openUpstream } from '../upstream/settings.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { failures } from './failures.ts';
import { formatOf, soundRequest } from './requests.ts';
import type { Settings } from './settings.ts';

const BASE_URL = 'https://api.elevenlabs.io';
const MAX_BYTES = 128 * 1024 * 1024;

/** Makes speech while the call waits. Nothing can be looked up later, and there are no idempotency keys. */
export function createElevenLabs(name: string, settings: Settings): Provider {
  const { base_url = BASE_URL, api_key } = settings;
  const upstream = openUpstream(settings, base_url, { 'xi-api-key': api_key });
  return {
    name,
    capabilities: { safeToResend: false, lookup: false, cancel: false },
    submit: async (call) => ({ state: 'finished', ...(await speak(upstream, settings, call)) }),
    close: () => upstream.close(),
  };
}

async function speak(upstream: Upstream, settings: Settings, call: ProviderCall): Promise<Delivered> {
  const { request, model } = call;
  if (request.kind !== 'speech')
    throw new GenlockError('model_misconfigured', undefined, { raw: `the upstream does no ${request.kind}` });
  const sound = soundRequest(model, request, settings);
  const answer = await order(upstream, sound, call, { failures, maxBytes: MAX_BYTES });
  return { outputs: [outputOf(answer, formatOf(request, settings))], ...costOf(answer, settings) };
}

/** Turns raw samples (16-bit little-endian, mono) into a WAV file. */
function outputOf({ body, headers }: UpstreamAnswer, format: string): Output {
  const rate = /^pcm_(\d+)$/.exec(format)?.[1];
  if (rate === undefined) return { bytes: body, contentType: headers['content-type'] ?? '' };
  if (body.length < 2 || /json/.test(headers['content-type'] ?? ''))
    throw new GenlockError('upstream_invalid_result', undefined, { raw: 'no samples', accepted: 'yes' });
  const samples = new Int16Array(body.slice(0, body.length & ~1).buffer);
  return { bytes: wavFile(samples, Number(rate)), contentType: 'audio/wav' };
}

/** ElevenLabs reports the cost of a call in its credits. */
function costOf({ headers }: UpstreamAnswer, { credit_usd }: Settings): { readonly cost?: Micros } {
  const credit = credit_usd === undefined ? undefined : parseUsd(String(credit_usd));
  const credits = Number(headers['character-cost'] ?? headers['x-character-cost'] ?? Number.NaN);
  return credit === undefined || !(credits >= 0) ? {} : { cost: Math.round(credits * credit) };
}
