import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { UsualInputs } from '../upstream/model-input.ts';
import type { UpstreamRequest } from '../upstream/request.ts';

/** What most models at fal call their inputs. */
export const usualInputs: UsualInputs = {
  image: {
    prompt: '%prompt%',
    negative_prompt: '%negative_prompt%',
    image_url: '%source%',
    image_size: { width: '%width%', height: '%height%' },
    num_images: '%count%',
    seed: '%seed%',
    output_format: '%format%',
  },
  video: {
    prompt: '%prompt%',
    negative_prompt: '%negative_prompt%',
    image_url: '%source%',
    duration: '%seconds:text%',
    aspect_ratio: '%aspect_ratio%',
    resolution: '%resolution%',
    generate_audio: '%sound%',
    seed: '%seed%',
  },
  speech: { text: '%prompt%', voice: '%voice%', language: '%language%' },
};

const SEGMENT = '[A-Za-z0-9][A-Za-z0-9._-]*';
const MODEL = new RegExp(`^${SEGMENT}(?:/${SEGMENT}){1,7}$`);

/** fal does not start a request later than the given time, and until then retries by itself. */
const MIN_START_SECONDS = 2;

/**
 * Adds a request to the queue. fal also gives it up when nobody can use it any more.
 *
 * @throws GenlockError `model_misconfigured` for an invalid model name
 */
export function createRequest(model: string, input: JsonObject, remainingMs?: number): UpstreamRequest {
  if (!MODEL.test(model))
    throw new GenlockError('model_misconfigured', undefined, {
      raw: `a model is named owner/name, not ${model}`,
    });
  const seconds =
    remainingMs === undefined ? undefined : Math.max(MIN_START_SECONDS, Math.ceil(remainingMs / 1000));
  const headers = seconds === undefined ? {} : { 'x-fal-request-timeout': String(seconds) };
  return { method: 'POST', path: `/${model}`, headers, json: input };
}

/** `at`: the path of the request, from {@link placeOf}. */
export function statusRequest(at: string): UpstreamRequest {
  return { method: 'GET', path: `/${at}/status` };
}

export function resultRequest(at: string): UpstreamRequest {
  return { method: 'GET', path: `/${at}` };
}

export function cancelRequest(at: string): UpstreamRequest {
  return { method: 'PUT', path: `/${at}/cancel` };
}

/** First parts of a name that are not owners: such names have three parts. */
const NAMESPACES = ['workflows', 'comfy'];

/**
 * The path, below the base URL, under which a request is polled: the one in its answer if that is on the same server; else the owner and
 * the name of its app.
 */
export function placeOf(
  model: string,
  {
    request_id: id,
    response_url: link,
  }: { readonly request_id: string; readonly response_url?: string | null },
  baseUrl: string,
): string {
  const base = `${baseUrl.replace(/\/+$/, '')}/`;
  if (link?.startsWith(base) === true && /^[\w./-]+$/.test(link.slice(base.length)))
    return link.slice(base.length);
  const parts = model.split('/');
  const app = parts.slice(0, NAMESPACES.includes(parts[0] ?? '') ? 3 : 2).join('/');
  return `${app}/requests/${encodeURIComponent(id)}`;
}
