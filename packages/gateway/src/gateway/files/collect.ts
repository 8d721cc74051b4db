import { readBatchResult } from '../../domain/batch-result.ts';
import { orderedCount, usageOf } from '../../domain/delivery.ts';
import { GenlockError } from '../../domain/error.ts';
import type { Generation } from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import { chargeFor, type Usage } from '../../domain/pricing.ts';
import type { GenerationRequest } from '../../domain/request.ts';
import { believedUsage } from '../../domain/token-counts.ts';
import type { Delivered } from '../../providers/port.ts';
import type { Asset } from '../../store/port.ts';
import type { Core, MediaFacts } from '../core.ts';
import { newId } from '../ids.ts';
import { keepFile } from './keep-file.ts';

/** A result that is larger than this cannot be what was ordered. */
const MAX_OUTPUT_BYTES: Readonly<Record<GenerationRequest['kind'], number>> = {
  image: 64 * 1024 * 1024,
  video: 512 * 1024 * 1024,
  speech: 128 * 1024 * 1024,
  text: 1024 * 1024,
  batch: 64 * 1024 * 1024,
  training: 64 * 1024 * 1024,
};

const MEDIA_OF: Readonly<Record<GenerationRequest['kind'], MediaFacts['kind']>> = {
  image: 'image',
  video: 'video',
  speech: 'audio',
  text: 'text',
  batch: 'text',
  training: 'text',
};

export interface Collected {
  readonly assets: readonly Asset[];
  readonly charge: Micros;
  readonly delivered: Usage;
  /** Why the other files cannot be delivered. They were made and may have to be paid. */
  readonly spoilt: readonly GenlockError[];
}

interface Measured {
  readonly bytes: Uint8Array;
  readonly facts: MediaFacts;
}

/**
 * Turns what a provider delivered into assets and a charge. Every file is decoded, measured and made durable before the generation is
 * settled. If less was delivered, less is charged; if nothing was delivered, that is a failure; files beyond the order are left out.
 *
 * @throws GenlockError `upstream_invalid_result` (nothing, too large, not decodable, of another kind), `storage_unavailable`
 */
export async function collect(
  core: Core,
  generation: Generation,
  { outputs, usage }: Delivered,
): Promise<Collected> {
  if (outputs.length === 0) throw invalid('no output');
  const sold = outputs.slice(0, orderedCount(generation.request));
  const { measured, spoilt } = await measureEach(
    sold.map(({ bytes }) => bytes),
    (bytes) => measure(core, generation, bytes),
  );
  const assets = await Promise.all(
    measured.map(({ bytes, facts }, index) => keep(core, generation, bytes, facts, index)),
  );
  const used = {
    ...usageOf(
      generation.request,
      generation.price,
      measured.map(({ facts }) => facts),
    ),
    ...(usage && believedUsage(generation.request, generation.price.quoted, usage)),
  };
  return { assets, charge: chargeFor(generation.price, used, generation.quote), delivered: used, spoilt };
}

/**
 * The files that are what was ordered, in order. A spoilt file does not cause the others to be thrown away.
 *
 * @throws GenlockError the error of the first file, if all are spoilt
 */
async function measureEach(
  files: readonly Uint8Array[],
  factsOf: (bytes: Uint8Array) => Promise<MediaFacts>,
): Promise<{ readonly measured: readonly Measured[]; readonly spoilt: readonly GenlockError[] }> {
  const measured: Measured[] = [];
  const spoilt: GenlockError[] = [];
  const each = await Promise.allSettled(files.map(async (bytes) => ({ bytes, facts: await factsOf(bytes) })));
  for (const one of each) {
    if (one.status === 'fulfilled') measured.push(one.value);
    else spoilt.push(GenlockError.from(one.reason, 'upstream_invalid_result'));
  }
  const [first] = spoilt;
  if (measured.length === 0 && first !== undefined) throw first;
  return { measured, spoilt };
}

async function measure(core: Core, { request }: Generation, bytes: Uint8Array): Promise<MediaFacts> {
  if (bytes.length > MAX_OUTPUT_BYTES[request.kind]) throw invalid(`${bytes.length} bytes`);
  if (request.kind === 'text') return { kind: 'text', contentType: 'text/plain; charset=utf-8' };
  if (request.kind === 'batch' || request.kind === 'training') {
    const sound = request.kind === 'batch' ? readBatchResult(bytes) !== undefined : looksLikeJson(bytes);
    if (!sound) throw invalid(`no result of a ${request.kind}`);
    return { kind: 'text', contentType: 'application/json' };
  }
  let facts: MediaFacts;
  try {
    facts = await core.probe(bytes);
  } catch (cause) {
    throw invalid(String(cause), cause);
  }
  if (facts.kind !== MEDIA_OF[request.kind]) throw invalid(`${facts.contentType} for ${request.kind}`);
  return facts;
}

/** A trained model may be large, and only the account that trained it can read it, so only the first and the last byte are checked. */
function looksLikeJson(bytes: Uint8Array): boolean {
  return bytes.at(0) === 0x7b && bytes.at(-1) === 0x7d;
}

async function keep(
  core: Core,
  generation: Generation,
  bytes: Uint8Array,
  facts: MediaFacts,
  index: number,
): Promise<Asset> {
  const { accountId, dialect, mode, id: generationId } = generation;
  const createdAt = core.now();
  return keepFile(core, {
    bytes,
    facts,
    of: {
      ...{ accountId, dialect, mode, generationId, index, createdAt },
      id: core.dialects.get(dialect)?.newAssetId(createdAt) ?? newId('asset_', createdAt),
      expiresAt: createdAt + (core.config().dialects[dialect]?.assetTtlMs ?? 0),
    },
    prefix: 'output_',
  });
}

/** `accepted: 'yes'`: the work was done, so if a paid provider delivered something unusable, it is not ordered a second time. */
function invalid(raw: string, cause?: unknown): GenlockError {
  return new GenlockError('upstream_invalid_result', undefined, { raw, cause, accepted: 'yes' });
}
