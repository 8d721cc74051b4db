import Type from 'typebox';
import type { JsonObject } from '../../../domain/json.ts';
import type { ImageRequest, SourceMedia, VideoRequest } from '../../../domain/request.ts';
import type { ProviderCall } from '../../port.ts';
import { unserved } from '../../upstream/model-input.ts';
import { maybe, replyReader } from '../../upstream/reply.ts';
import type { UpstreamRequest } from '../../upstream/request.ts';
import type { Contract, Job } from '../contract.ts';
import { ended, failureIn } from '../failures.ts';
import { frameOf } from '../fit.ts';
import { inputOf } from '../input.ts';
import type { Line } from '../line.ts';
import { micros } from '../outputs.ts';
import { publicLink } from './public-link.ts';

const generation = Type.Object({
  id: Type.String({ minLength: 1 }),
  status: Type.String(),
  data: maybe(Type.Array(Type.Object({ url: Type.String(), mime_type: Type.Optional(Type.String()) }))),
  usage: maybe(Type.Object({ total_cost: Type.Number() })),
  error: Type.Optional(Type.Unknown()),
});
type Generation = Type.Static<typeof generation>;
const readOrdered = replyReader(generation, true);
const readLooked = replyReader(generation, false);

const VIDEOS = '/v2/videos/generations';

/** getimg: images are answered synchronously, clips are jobs. No keys, uploads or cancellation. */
export const getimg: Contract = {
  dialect: 'getimg',
  keyed: [],
  // Images may take up to 5 minutes (section 3).
  timeout: '5m',
  // As in the samples of the official clients (section 5).
  pollMs: 5_000,
  credentials: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  orders,
  look: (id, { request }) =>
    request.kind === 'image' ? undefined : { method: 'GET', path: `${VIDEOS}/${encodeURIComponent(id)}` },
  read: ({ body }, of) => jobOf((of === 'order' ? readOrdered : readLooked)(body)),
};

/** The values in sections 3, 4 and 6. For other models the operator can set them. */
const PICTURE_FRAMES = { aspects: ['1:1', '16:9', '9:16', '2:3', '3:2'], resolutions: ['1K', '2K', '4K'] };
const CLIP_FRAMES = { aspects: ['16:9', '9:16', '1:1'], resolutions: ['480p', '720p', '1080p'] };
const CLIP_SECONDS = [5, 10];

async function orders(line: Line, call: ProviderCall): Promise<readonly UpstreamRequest[]> {
  const { request, model } = call;
  if (request.kind !== 'image' && request.kind !== 'video') throw unserved(request.kind);
  const input = await inputOf({
    ...{ settings: line.settings, call, request, traits: { seconds: CLIP_SECONDS } },
    usual: usualInput(line, model, request),
    link: publicLink,
  });
  const path = request.kind === 'image' ? '/v2/images/generations' : VIDEOS;
  const json = { model, ...withRoles(input, request.sources) };
  // An order makes one image.
  return Array.from({ length: request.count ?? 1 }, () => ({ method: 'POST', path, json }));
}

function usualInput({ settings }: Line, model: string, request: ImageRequest | VideoRequest): JsonObject {
  const isImage = request.kind === 'image';
  const frame = frameOf(settings, model, request, isImage ? PICTURE_FRAMES : CLIP_FRAMES);
  return {
    prompt: '%prompt%',
    ...(frame && { aspect_ratio: frame.aspect, resolution: frame.resolution }),
    images: '%sources%',
    ...(isImage
      ? { output_format: '%format%' }
      : { duration: '%seconds%', ...(request.sound && { sound: true }) }),
  };
}

type Role = SourceMedia['role'];
const ROLES: { readonly [role in Role]?: string } = { first_frame: 'first_frame', last_frame: 'last_frame' };

/** The contract requires a role for each picture. */
function withRoles(input: JsonObject, sources: readonly SourceMedia[] = []): JsonObject {
  const { images } = input;
  if (!Array.isArray(images)) return input;
  const roleOf = (url: unknown): string => {
    const role = sources.find((source) => source.url === url)?.role;
    return (role && ROLES[role]) ?? 'reference_image';
  };
  return { ...input, images: images.map((url) => ({ url, role: roleOf(url) })) };
}

function jobOf(read: Generation): Job {
  const { id, status, data, usage } = read;
  switch (status) {
    case 'completed':
      return {
        ...{ id, state: 'succeeded', cost: micros(usage?.total_cost) },
        links: (data ?? []).map(({ url, mime_type = '' }) => ({ url, contentType: mime_type })),
      };
    case 'failed':
      return { id, state: 'failed', failure: failureIn('getimg', read) ?? ended('failed') };
    default:
      return { id, state: 'running' };
  }
}
