import { GenlockError } from '../../domain/error.ts';
import type { WebhookTarget } from '../../domain/generation.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Usage } from '../../domain/pricing.ts';
import type { GenerationRequest, SourceMedia } from '../../domain/request.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import type { Model } from '../../gateway/models/model.ts';
import { checkMetadata } from '../../http/check-metadata.ts';
import type { JsonBody } from '../../http/json-body.ts';
import { urlObjection } from '../../http/url-objection.ts';
import { checkProductFields, checkSharedFields, MAX_SEED, type ProductFields } from './create-body.ts';
import { NAME } from './links.ts';
import { DEFAULT_PRODUCT, findProduct, type Product, takesInput } from './products.ts';
import { filmSize, imageSize } from './sizes.ts';
import { checkUrls, resolveSources } from './sources.ts';

/** A create body in canonical form. */
export interface CreateRequest {
  readonly model: Model;
  /** The `input` of section 6: the inputs that the product takes, with defaults and the random seed filled in. */
  readonly input: JsonObject;
  readonly request: GenerationRequest;
  readonly usage: Usage;
  readonly metadata: JsonObject | null;
  readonly webhook: WebhookTarget | null;
}

/**
 * Reads the body of a create or a quote, in the order of checks of section 16.
 *
 * @throws GenlockError `parameter_missing`, `invalid_parameter`, `model_not_found`, `source_media_required`
 */
export async function readCreateRequest(
  core: Core,
  caller: Caller,
  body: JsonBody,
  steering: string | undefined,
): Promise<CreateRequest> {
  const shared = checkSharedFields(body);
  checkUrl(core, 'webhook_url', shared.webhook_url);
  checkMetadata(shared.metadata);

  const id = shared.product ?? DEFAULT_PRODUCT;
  const product = findProduct(id);
  const model = core.models.find(NAME, id);
  if (product === undefined || model === undefined)
    throw new GenlockError('model_not_found', 'There is no such product.', { param: 'product' });

  assertSource(product, body.object);
  const fields = checkProductFields(body);
  checkUrls(core, fields);
  for (const name of product.needs) {
    if (fields[name] === undefined)
      throw new GenlockError('parameter_missing', `${product.id} needs ${name}.`, { param: name });
  }

  const seed = shared.seed ?? Math.floor(core.random() * (MAX_SEED + 1));
  const own = takenBy(product, fields);
  const sources = await resolveSources(core, caller, own);
  const common = {
    prompt: shared.prompt,
    seed,
    ...(own.negative_prompt !== undefined && { negativePrompt: own.negative_prompt }),
    ...(sources.length > 0 && { sources }),
    ...(steering !== undefined && { steering }),
  };
  return {
    model,
    input: { prompt: shared.prompt, ...own, seed },
    request: product.kind === 'image' ? imageRequest(product, own, common) : filmRequest(own, common),
    usage: usageOf(product, own),
    metadata: shared.metadata ?? null,
    webhook: shared.webhook_url === undefined ? null : { url: shared.webhook_url },
  };
}

function checkUrl(core: Core, param: string, url: string | undefined): void {
  const objection = url === undefined ? undefined : urlObjection(core, url);
  if (objection !== undefined)
    throw new GenlockError('invalid_parameter', `${param} ${objection}.`, { param });
}

/** A missing first image has its own error code (contract section 5) and is checked before the other fields. */
function assertSource(product: Product, body: JsonObject): void {
  for (const param of ['source_image_url', 'start_image_url'] as const) {
    if (product.needs.includes(param) && (body[param] ?? null) === null)
      throw new GenlockError('source_media_required', `${product.id} needs ${param}.`, { param });
  }
}

type Own = ProductFields & { readonly [name: string]: Json };

/** The fields that the product takes, with its defaults. Other fields are ignored. */
function takenBy(product: Product, fields: ProductFields): Own {
  const defaults: ProductFields = {
    aspect: product.kind === 'image' ? 'portrait' : 'landscape',
    image_quality: '2k',
    resolution: '720p',
    duration_seconds: 5,
    generate_audio: false,
  };
  const own: Record<string, Json> = {};
  for (const name of [...product.needs, ...product.takes]) {
    const value = fields[name] ?? defaults[name];
    if (value !== undefined) own[name] = value;
  }
  return own as Own;
}

interface CommonRequest {
  readonly prompt: string;
  readonly seed: number;
  readonly negativePrompt?: string;
  readonly sources?: readonly SourceMedia[];
  readonly steering?: string;
}

function imageRequest(product: Product, own: Own, common: CommonRequest): GenerationRequest {
  const size = imageSize(product.id, own.aspect ?? 'portrait', own.image_quality ?? '2k');
  return { kind: 'image', ...common, ...size, count: 1, format: 'jpeg' };
}

function filmRequest(own: Own, common: CommonRequest): GenerationRequest {
  return {
    kind: 'video',
    ...common,
    ...filmSize(own.aspect ?? 'landscape', own.resolution ?? '720p'),
    seconds: own.duration_seconds ?? 5,
    sound: own.generate_audio ?? false,
  };
}

function usageOf(product: Product, own: Own): Usage {
  if (product.kind === 'video')
    return {
      seconds: own.duration_seconds ?? 5,
      dimensions: { resolution: own.resolution ?? '720p', audio: String(own.generate_audio ?? false) },
    };
  if (takesInput(product, 'image_quality'))
    return { calls: 1, dimensions: { image_quality: own.image_quality ?? '2k' } };
  return { calls: 1 };
}
