import Type from 'typebox';
import { parseAmount } from '../../../config/units.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { SourceMedia } from '../../../domain/request.ts';
import type { ProviderCall } from '../../port.ts';
import { countsOf } from '../../upstream/counts.ts';
import { mediaTypeOf } from '../../upstream/media-type.ts';
import { unserved } from '../../upstream/model-input.ts';
import { replyReader } from '../../upstream/reply.ts';
import type { FormPart, UpstreamRequest } from '../../upstream/request.ts';
import { isMedia, type MediaRequest } from '../../upstream/request-values.ts';
import { linksIn } from '../../upstream/result-links.ts';
import type { Contract, Job } from '../contract.ts';
import { ended, failureIn } from '../failures.ts';
import { frameOf, secondsFrom } from '../fit.ts';
import { inputOf } from '../input.ts';
import type { Line } from '../line.ts';

const task = Type.Object({
  id: Type.String({ minLength: 1 }),
  status: Type.String(),
  data: Type.Optional(Type.Unknown()),
  usage: Type.Optional(Type.Object({ total: Type.Optional(Type.Number({ minimum: 0 })) })),
  code: Type.Optional(Type.Unknown()),
  message: Type.Optional(Type.Unknown()),
});
type Task = Type.Static<typeof task>;
const readOrdered = replyReader(task, true);
const readLooked = replyReader(task, false);

/** skills.video: every kind of work is a task, and files are sent with the order. No keys, no cancellation. */
export const skillsVideo: Contract = {
  dialect: 'skills-video',
  keyed: [],
  // As the published client does (section 14).
  pollMs: 3_000,
  credentials: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  orders,
  look: (id) => ({ method: 'GET', path: `/v1/generation/${encodeURIComponent(id)}` }),
  read: ({ body }, of, line) => jobOf((of === 'order' ? readOrdered : readLooked)(body), line),
};

/** `n` is 1 to 4 (section 3). */
const MOST = 4;

async function orders(line: Line, call: ProviderCall): Promise<readonly UpstreamRequest[]> {
  const { request, model } = call;
  if (!isMedia(request)) throw unserved(request.kind);
  const files = new Map<string, Uint8Array>();
  const input = await inputOf({
    ...{ settings: line.settings, call, request, traits: { seconds: secondsFrom(1, 60) } },
    usual: usualInput(line, model, request),
    link: async ({ url }) => {
      const name = `\0file:${files.size}`;
      files.set(name, new Uint8Array());
      files.set(name, await call.fetchSource(url));
      return name;
    },
  });
  const path = `/v1/generation/${model.split('/').map(encodeURIComponent).join('/')}`;
  if (request.kind === 'speech') return [order(path, input, files)];
  return countsOf(request.count ?? 1, MOST).map((n) =>
    order(path, { ...input, ...(input.n !== undefined && { n }) }, files),
  );
}

const PICTURE_FRAMES = {
  aspects: ['1:1', '4:3', '3:4', '16:9', '9:16', '3:2', '2:3', '21:9'],
  resolutions: ['1K', '2K'],
};
const CLIP_FRAMES = { aspects: ['16:9', '9:16', '1:1'], resolutions: ['480p', '720p', '1080p'] };

/** The usual field names (section 3). A model ignores fields that it does not know. */
function usualInput({ settings }: Line, model: string, request: MediaRequest): JsonObject {
  if (request.kind === 'speech') return { text: '%prompt%', voice: '%voice%', language: '%language%' };
  const isImage = request.kind === 'image';
  const frame = frameOf(settings, model, request, isImage ? PICTURE_FRAMES : CLIP_FRAMES);
  return {
    prompt: '%prompt%',
    negative_prompt: '%negative_prompt%',
    ...(frame && { aspect_ratio: frame.aspect, resolution: frame.resolution }),
    seed: '%seed%',
    n: '%count%',
    ...(isImage ? { image_urls: '%sources%' } : clipInput(request.sources)),
  };
}

/** Pictures under the names of their roles, which some models distinguish. */
function clipInput(sources: readonly SourceMedia[] = []): JsonObject {
  const has = (role: SourceMedia['role']): boolean => sources.some((source) => source.role === role);
  return {
    duration: '%seconds%',
    generate_audio: '%sound%',
    ...(has('first_frame') && { first_frame_url: '%first_frame%' }),
    ...(has('source') && { image_url: '%source%' }),
    ...(has('reference') && { reference_image_urls: '%sources%' }),
    last_frame_url: '%last_frame%',
    video_url: '%video%',
    audio_url: '%audio%',
  };
}

/** JSON, or a form if there are files. In a form, lists repeat their name (section 3). */
function order(path: string, input: JsonObject, files: ReadonlyMap<string, Uint8Array>): UpstreamRequest {
  if (files.size === 0) return { method: 'POST', path, json: input };
  const form = Object.entries(input).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one: Json) => partOf(name, one, files)),
  );
  return { method: 'POST', path, form };
}

function partOf(name: string, value: Json, files: ReadonlyMap<string, Uint8Array>): FormPart {
  const bytes = typeof value === 'string' ? files.get(value) : undefined;
  if (bytes === undefined) return { name, value: typeof value === 'string' ? value : JSON.stringify(value) };
  const { contentType, extension } = mediaTypeOf(bytes);
  return { name, value: { bytes, contentType, fileName: `${name}.${extension}` } };
}

/** undefined unless the operator set the value of a credit, which is not published. */
function costOf(credits: number | undefined, { credit_usd }: Line['settings']): number | undefined {
  const credit = credit_usd === undefined ? undefined : parseAmount(credit_usd);
  return credits === undefined || credit === undefined ? undefined : Math.round(credits * credit);
}

function jobOf(read: Task, { settings }: Line): Job {
  const { id, status, data, usage } = read;
  switch (status) {
    case 'COMPLETED':
      return {
        ...{ id, state: 'succeeded', cost: costOf(usage?.total, settings) },
        links: linksIn((data ?? null) as Json, false),
      };
    case 'FAILED':
      return { id, state: 'failed', failure: failureIn('skills-video', read) ?? ended('failed') };
    case 'CANCELED':
      return { id, state: 'failed', failure: ended('the task was canceled there') };
    default:
      return { id, state: 'running' };
  }
}
