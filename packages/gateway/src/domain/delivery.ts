import type { Price, Usage } from './pricing.ts';
import type { GenerationRequest } from './request.ts';

/** What was measured on one delivered file. */
export interface DeliveredFacts {
  readonly width?: number;
  readonly height?: number;
  readonly durationSeconds?: number;
  readonly hasSound?: boolean;
}

/** In seconds. Encoders cut clips at whole frames and packets, so a clip that is shorter by this much counts as ordered. */
const CLIP_SLACK = 0.1;
/** In thousandths. Providers round sizes to blocks, so a picture with at least this share of the ordered pixels counts as ordered. */
const AS_ORDERED = 950;
/** The names of the price dimensions under which contracts sell sound. */
const SOUND_DIMENSIONS = ['sound', 'audio', 'generate_audio'];

/** How many files were ordered; undefined if the provider decides. */
export function orderedCount(request: GenerationRequest): number | undefined {
  if (request.kind === 'image') return request.count;
  return request.kind === 'video' ? (request.count ?? 1) : undefined;
}

/**
 * The usage that the delivered files show, compared with the order. Fewer files, shorter or silent clips and smaller pictures reduce it;
 * longer clips count as ordered. Characters always count as ordered, because speech is either delivered whole or not at all.
 */
export function usageOf(
  request: GenerationRequest,
  { unit, quoted }: Price,
  facts: readonly DeliveredFacts[],
): Usage {
  const lengths = facts.flatMap(({ durationSeconds }) => durationSeconds ?? []);
  const ordered = request.kind === 'video' ? request.seconds : undefined;
  const seconds = lengths.reduce((sum, length) => sum + asOrdered(length, ordered), 0);
  const characters = quoted?.characters;
  const share =
    mean(facts.map((one) => pixelShare(request, one))) * (unit === 'call' ? countShare(request, facts) : 1);
  const dimensions =
    request.kind === 'video' && request.sound ? withoutSound(quoted?.dimensions, facts) : undefined;
  return {
    ...(request.kind === 'image' && { images: facts.length }),
    ...(lengths.length > 0 && { seconds }),
    ...(characters !== undefined && { characters }),
    ...(share < 1000 && { share: Math.floor(share) }),
    ...(dimensions && { dimensions }),
  };
}

function mean(shares: readonly number[]): number {
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function asOrdered(seconds: number, ordered: number | undefined): number {
  return ordered === undefined || seconds < ordered - CLIP_SLACK ? seconds : ordered;
}

/** The delivered share of the ordered pixels, in thousandths. The sides may be swapped. A request without a size got what was ordered. */
function pixelShare(request: GenerationRequest, { width, height }: DeliveredFacts): number {
  if (request.kind !== 'image' && request.kind !== 'video') return 1000;
  const ordered = (request.width ?? 0) * (request.height ?? 0);
  if (ordered === 0 || width === undefined || height === undefined) return 1000;
  const share = (width * height * 1000) / ordered;
  return share < AS_ORDERED ? share : 1000;
}

function countShare(request: GenerationRequest, facts: readonly DeliveredFacts[]): number {
  return Math.min(1, facts.length / (orderedCount(request) ?? 1));
}

function withoutSound(
  sold: Usage['dimensions'],
  facts: readonly DeliveredFacts[],
): Usage['dimensions'] | undefined {
  if (sold === undefined || !facts.some(({ hasSound }) => hasSound === false)) return undefined;
  const silent = SOUND_DIMENSIONS.filter((name) => sold[name] === 'true').map(
    (name) => [name, 'false'] as const,
  );
  return silent.length === 0 ? undefined : { ...sold, ...Object.fromEntries(silent) };
}
