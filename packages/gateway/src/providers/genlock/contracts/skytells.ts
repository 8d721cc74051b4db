import Type from 'typebox';
import { GenlockError } from '../../../domain/error.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { ProviderCall } from '../../port.ts';
import { countsOf } from '../../upstream/counts.ts';
import { unserved } from '../../upstream/model-input.ts';
import { maybe, replyReader } from '../../upstream/reply.ts';
import type { UpstreamRequest } from '../../upstream/request.ts';
import { isMedia, type MediaRequest } from '../../upstream/request-values.ts';
import { linksIn } from '../../upstream/result-links.ts';
import { chat, vectors } from '../chats.ts';
import type { Contract, Job } from '../contract.ts';
import { ended, failureIn } from '../failures.ts';
import { frameOf, secondsFrom, seedFor } from '../fit.ts';
import { inputOf } from '../input.ts';
import type { Line } from '../line.ts';
import { micros } from '../outputs.ts';
import { publicLink } from './public-link.ts';

const prediction = Type.Object({
  id: Type.String({ minLength: 1 }),
  status: Type.String(),
  output: Type.Optional(Type.Unknown()),
  response: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.Unknown()),
  metrics: maybe(Type.Object({ progress: maybe(Type.Number()) })),
  metadata: maybe(
    Type.Object({ billing: maybe(Type.Object({ credits_used: Type.Optional(Type.Number()) })) }),
  ),
});
type Prediction = Type.Static<typeof prediction>;
const readOrdered = replyReader(prediction, true);
const readLooked = replyReader(prediction, false);

/** Skytells: predictions, chats and vectors. Sources are URLs; no keys. */
export const skytells: Contract = {
  dialect: 'skytells',
  keyed: [],
  // "Recommended polling 2 to 5 s" (section 5).
  pollMs: 2_000,
  credentials: (apiKey) => ({ 'x-api-key': apiKey }),
  orders,
  look: (id) => ({ method: 'GET', path: pathOf(id) }),
  read: ({ body }, of) => jobOf((of === 'order' ? readOrdered : readLooked)(body)),
  // The provider behind the model failed, which every read of the prediction reports (section 9.3). If the id was refused, nothing is known
  // of the job.
  isEnd: ({ status, wireCode }) =>
    status === 502 && wireCode !== null && wireCode !== 'UNKNOWN_ERROR' && wireCode !== 'ACCESS_DENIED',
  cancel: (id) => ({ method: 'POST', path: `${pathOf(id)}/cancel` }),
  stream: (line, call, request) =>
    request.embed === undefined
      ? chat(line, call, request, '/chat/completions')
      : vectors(line, call, request, '/embeddings', request.embed),
};

function pathOf(id: string): string {
  return `/predictions/${encodeURIComponent(id)}`;
}

/** `num_outputs` in the examples (section 3). */
const MOST = 4;

async function orders(line: Line, call: ProviderCall): Promise<readonly UpstreamRequest[]> {
  const { request, model } = call;
  if (!isMedia(request)) throw unserved(request.kind);
  const input = await inputOf({
    ...{ settings: line.settings, call, request, traits: { seconds: secondsFrom(1, 60) } },
    usual: usualInput(line, model, request),
    link: publicLink,
  });
  const order = (more: JsonObject): UpstreamRequest => ({
    ...{ method: 'POST', path: '/predictions' },
    json: { model, input: { ...input, ...more }, await: false },
  });
  if (request.kind === 'speech') return [order({})];
  if (request.kind === 'video') return countsOf(request.count ?? 1, 1).map(() => order({}));
  return countsOf(request.count, MOST).map((count) => order(count === 1 ? {} : { num_outputs: count }));
}

const CLIP_FRAMES = {
  aspects: ['16:9', '9:16', '1:1', '4:3', '3:4'],
  resolutions: ['480p', '720p', '1080p'],
};
/** The largest size in the examples. */
const MAX_SIDE = 2048;

/** The input names in the contract's examples (section 3). */
function usualInput({ settings }: Line, model: string, request: MediaRequest): JsonObject {
  const seed = seedFor(request.seed);
  if (request.kind === 'speech')
    return { text: '%prompt%', voice: '%voice%', language: '%language%', audio_format: '%format%', seed };
  const common = { prompt: '%prompt%', negative_prompt: '%negative_prompt%', seed, image: '%source%' };
  if (request.kind === 'image') return { ...common, ...sidesOf(request), output_format: '%extension%' };
  const frame = frameOf(settings, model, request, CLIP_FRAMES);
  return {
    ...common,
    ...(frame && { aspect_ratio: frame.aspect, resolution: frame.resolution }),
    ...{ duration_seconds: '%seconds%', fps: '%fps%', video: '%video%', audio: '%audio%' },
  };
}

function sidesOf({ width, height }: { width?: number; height?: number }): JsonObject {
  if (width === undefined || height === undefined) return {};
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

function jobOf(read: Prediction): Job {
  const { id, status, output, metrics, metadata } = read;
  switch (status) {
    case 'succeeded':
      return {
        ...{ id, state: 'succeeded', cost: micros(metadata?.billing?.credits_used) },
        links: linksIn((output ?? null) as Json, true),
      };
    case 'failed':
      return { id, state: 'failed', failure: failureOf(read) };
    case 'cancelled':
    case 'canceled':
      return { id, state: 'failed', failure: ended('the prediction was canceled there') };
    default:
      return { id, state: 'running', percent: metrics?.progress ?? undefined };
  }
}

/** A failure only has a message. If that is one of the documented ones (section 9.4), the caller is at fault. */
function failureOf(read: Prediction): GenlockError {
  const failure = failureIn('skytells', read) ?? ended('failed');
  const refused = typeof read.error === 'string' && /\bNSFW\b/i.test(read.error);
  return refused ? new GenlockError('content_rejected', undefined, failure.detail) : failure;
}
