import Type from 'typebox';
import { parseAmount } from '../../../config/units.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { ImageRequest, SourceMedia, VideoRequest } from '../../../domain/request.ts';
import type { ProviderCall } from '../../port.ts';
import { mediaTypeOf } from '../../upstream/media-type.ts';
import { unserved } from '../../upstream/model-input.ts';
import { maybe, replyReader } from '../../upstream/reply.ts';
import type { UpstreamRequest } from '../../upstream/request.ts';
import type { Contract, Job } from '../contract.ts';
import { ended, failureIn } from '../failures.ts';
import { frameOf, secondsFrom, seedFor } from '../fit.ts';
import { inputOf } from '../input.ts';
import type { Line } from '../line.ts';

const generation = Type.Object({
  id: Type.String({ minLength: 1 }),
  status: Type.String(),
  result: maybe(
    Type.Object({
      asset_id: Type.String({ minLength: 1 }),
      content_type: Type.Optional(Type.String()),
    }),
  ),
  error: Type.Optional(Type.Unknown()),
  credits: maybe(Type.Object({ charged: Type.Number({ minimum: 0 }) })),
});
type Generation = Type.Static<typeof generation>;
const readOrdered = replyReader(generation, true);
const readLooked = replyReader(generation, false);
const readUploaded = replyReader(
  Type.Object({ url: Type.String({ minLength: 1 }), expires_at: Type.Optional(Type.String()) }),
  false,
);

/** Kiara: keys are honoured on create (section 11), and only queued jobs can be canceled (section 7). */
export const kiara: Contract = {
  dialect: 'kiara',
  keyed: ['image', 'video'],
  // "Poll every 2 s" (section 7).
  pollMs: 2_000,
  credentials: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  orders,
  look: (id) => ({ method: 'GET', path: pathOf(id) }),
  read: ({ body }, of, line) => jobOf((of === 'order' ? readOrdered : readLooked)(body), line),
  cancel: (id) => ({ method: 'POST', path: `${pathOf(id)}/cancel` }),
};

function pathOf(id: string): string {
  return `/v1/generations/${encodeURIComponent(id)}`;
}

/** A job makes one file, so there are as many orders as files. */
async function orders(line: Line, call: ProviderCall): Promise<readonly UpstreamRequest[]> {
  const { request, model } = call;
  if (request.kind !== 'image' && request.kind !== 'video') throw unserved(request.kind);
  const input = await inputOf({
    ...{ settings: line.settings, call, request },
    usual: request.kind === 'image' ? imageInput(model, request) : videoInput(line, model, request),
    traits: { seconds: secondsFrom(1, 15) },
    link: (source) => upload(line, call, source),
  });
  const order = { method: 'POST', path: '/v1/generations', json: { product: model, ...input } } as const;
  return Array.from({ length: request.count ?? 1 }, () => order);
}

/** The products that edit a picture. All others may take pictures as references (section 10). */
const WORKS_ON_PICTURES = /^kiara-(?:reference|edit|style|dream-fast-image)$/;
/** More than twice the pixels of "2k". */
const FINE_PIXELS = 8_000_000;

const COMMON = { prompt: '%prompt%', negative_prompt: '%negative_prompt%' };

function imageInput(product: string, request: ImageRequest): JsonObject {
  const { width, height } = request;
  const sized = width !== undefined && height !== undefined;
  return {
    ...COMMON,
    ...(sized && { aspect: aspectOf(width / height) }),
    ...(sized && width * height > FINE_PIXELS && { image_quality: '4k' }),
    seed: seedFor(request.seed),
    ...(WORKS_ON_PICTURES.test(product)
      ? { source_image_url: '%source%', second_image_url: '%second_source%', pose_image_url: '%pose%' }
      : { reference_image_urls: '%sources%' }),
  };
}

function videoInput({ settings }: Line, product: string, request: VideoRequest): JsonObject {
  const frames = { aspects: ['16:9', '9:16', '1:1'], resolutions: ['480p', '720p', '1080p'] };
  const resolution = frameOf(settings, product, request, frames)?.resolution;
  return {
    ...COMMON,
    aspect: aspectOf(request.width / request.height),
    ...(resolution !== undefined && { resolution }),
    duration_seconds: '%seconds%',
    generate_audio: '%sound%',
    seed: seedFor(request.seed),
    ...(WORKS_ON_PICTURES.test(product)
      ? { start_image_url: '%source%' }
      : { reference_image_urls: '%sources%' }),
  };
}

function aspectOf(ratio: number): string {
  if (Math.abs(Math.log(ratio)) < 0.1) return 'square';
  return ratio > 1 ? 'landscape' : 'portrait';
}

/** How long an upload is kept if no expiry is given. */
const KEPT_MS = 24 * 60 * 60 * 1000;

async function upload(line: Line, call: ProviderCall, { url }: SourceMedia): Promise<string> {
  const bytes = await call.fetchSource(url);
  return line.uploads.bring(bytes, async () => {
    const { contentType, extension } = mediaTypeOf(bytes);
    const value = { bytes, contentType, fileName: `source.${extension}` };
    const request = { method: 'POST', path: '/v1/uploads', form: [{ name: 'file', value }] } as const;
    const uploaded = readUploaded((await line.ask(request, call)).body);
    const expiresAt = Date.parse(uploaded.expires_at ?? '');
    return { ref: uploaded.url, expiresAt: Number.isNaN(expiresAt) ? Date.now() + KEPT_MS : expiresAt };
  });
}

/** The default value of a credit (section 12). */
const CREDIT_USD = '0.01';

function jobOf(read: Generation, { settings }: Line): Job {
  const { id, status, result, credits } = read;
  const credit = parseAmount(settings.credit_usd ?? CREDIT_USD) ?? 0;
  switch (status) {
    case 'completed':
      return {
        ...{ id, state: 'succeeded', cost: credits ? Math.round(credits.charged * credit) : undefined },
        links: result
          ? [
              {
                url: `/v1/assets/${encodeURIComponent(result.asset_id)}/content`,
                contentType: result.content_type ?? '',
              },
            ]
          : [],
      };
    case 'failed':
      return { id, state: 'failed', failure: failureIn('kiara', read) ?? ended('failed') };
    case 'canceled':
      return { id, state: 'failed', failure: ended('the generation was canceled there') };
    default:
      return { id, state: 'running' };
  }
}
