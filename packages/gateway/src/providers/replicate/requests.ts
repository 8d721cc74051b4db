import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import { mediaTypeOf } from '../upstream/media-type.ts';
import type { UsualInputs } from '../upstream/model-input.ts';
import type { UpstreamRequest } from '../upstream/request.ts';

/** What most models at Replicate call their inputs. */
export const usualInputs: UsualInputs = {
  image: {
    prompt: '%prompt%',
    negative_prompt: '%negative_prompt%',
    image: '%source%',
    width: '%width%',
    height: '%height%',
    num_outputs: '%count%',
    seed: '%seed%',
    output_format: '%extension%',
  },
  video: {
    prompt: '%prompt%',
    negative_prompt: '%negative_prompt%',
    image: '%source%',
    duration: '%seconds%',
    aspect_ratio: '%aspect_ratio%',
    resolution: '%resolution%',
    fps: '%fps%',
    seed: '%seed%',
  },
  speech: { text: '%prompt%', voice: '%voice%', language: '%language%' },
};

const NAME = '[A-Za-z0-9][A-Za-z0-9._-]*';
const MODEL = new RegExp(`^(?<deployment>deployments/)?(?<name>${NAME}/${NAME})(?::(?<version>${NAME}))?$`);

/** The shortest deadline that Replicate accepts. */
const MIN_DEADLINE_MS = 5_000;

/**
 * Orders a prediction. Replicate also gives it up when nobody can use it any more.
 *
 * @throws GenlockError `model_misconfigured` for an invalid model name
 */
export function createRequest(model: string, input: JsonObject, remainingMs?: number): UpstreamRequest {
  const { name, version, deployment } = MODEL.exec(model)?.groups ?? {};
  if (name === undefined || (deployment !== undefined && version !== undefined))
    throw new GenlockError('model_misconfigured', undefined, {
      raw: `a model is named owner/name, owner/name:version or deployments/owner/name, not ${model}`,
    });
  const seconds =
    remainingMs === undefined ? undefined : Math.ceil(Math.max(MIN_DEADLINE_MS, remainingMs) / 1000);
  const headers = seconds === undefined ? {} : { 'cancel-after': `${seconds}s` };
  if (version !== undefined)
    return { method: 'POST', path: '/predictions', headers, json: { version, input } };
  const at = deployment === undefined ? 'models' : 'deployments';
  return { method: 'POST', path: `/${at}/${name}/predictions`, headers, json: { input } };
}

export function getRequest(id: string): UpstreamRequest {
  return { method: 'GET', path: `/predictions/${encodeURIComponent(id)}` };
}

export function cancelRequest(id: string): UpstreamRequest {
  return { method: 'POST', path: `/predictions/${encodeURIComponent(id)}/cancel` };
}

export function uploadRequest(bytes: Uint8Array): UpstreamRequest {
  const { contentType, extension } = mediaTypeOf(bytes);
  const value = { bytes, contentType, fileName: `source.${extension}` };
  return { method: 'POST', path: '/files', form: [{ name: 'content', value }] };
}
