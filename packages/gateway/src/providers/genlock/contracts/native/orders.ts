import { GenlockError } from '../../../../domain/error.ts';
import type { JsonObject } from '../../../../domain/json.ts';
import type { SourceMedia, TextRequest, VideoRequest } from '../../../../domain/request.ts';
import type { ProviderCall } from '../../../port.ts';
import { countsOf } from '../../../upstream/counts.ts';
import { mediaTypeOf } from '../../../upstream/media-type.ts';
import { unserved } from '../../../upstream/model-input.ts';
import { nearestSize } from '../../../upstream/nearest-size.ts';
import { withParameters } from '../../../upstream/parameters.ts';
import type { UpstreamRequest } from '../../../upstream/request.ts';
import type { MediaRequest } from '../../../upstream/request-values.ts';
import { frameFor, secondsFrom, seedFor } from '../../fit.ts';
import { inputOf } from '../../input.ts';
import type { Line } from '../../line.ts';
import { modelInputs } from './model-inputs.ts';
import { type ModelInputs, readUploaded } from './replies.ts';

/** The native API's names for inputs. */
const USUAL: Readonly<Record<MediaRequest['kind'], JsonObject>> = {
  image: {
    prompt: '%prompt%',
    negative_prompt: '%negative_prompt%',
    images: '%sources%',
    format: '%format%',
  },
  video: {
    prompt: '%prompt%',
    negative_prompt: '%negative_prompt%',
    seconds: '%seconds%',
    sound: '%sound%',
    first_frame: '%source%',
    last_frame: '%last_frame%',
  },
  speech: { text: '%prompt%', voice: '%voice%', language: '%language%', format: '%format%' },
};

/** `POST /generations`, adapted to what the model takes; several orders if one cannot make enough files. */
export async function nativeOrders(line: Line, call: ProviderCall): Promise<readonly UpstreamRequest[]> {
  const { request, model } = call;
  if (request.kind === 'batch' || request.kind === 'training') throw unserved(request.kind);
  const inputs = await modelInputs(line, call);
  if (request.kind === 'text') return [order(model, textInput(line, request, inputs))];
  const fits = { ...USUAL[request.kind], ...sizeIn(inputs, request), seed: seedFor(request.seed) };
  const usual = Object.fromEntries(Object.entries(fits).filter(([name]) => Object.hasOwn(inputs, name)));
  const input = await inputOf({
    ...{ settings: line.settings, call, request, usual },
    traits: secondsIn(inputs),
    link: (source) => upload(line, call, source),
  });
  if (request.kind === 'speech') return [order(model, input)];
  const most = request.kind === 'image' ? (inputs.count?.maximum ?? 1) : 1;
  return countsOf(request.count ?? 1, most).map((count) =>
    order(model, most > 1 ? { ...input, count } : input),
  );
}

/** The order of a streamed text. */
export async function nativeTextOrder(
  line: Line,
  call: ProviderCall,
  request: TextRequest,
): Promise<UpstreamRequest> {
  const { path, method, json } = order(call.model, textInput(line, request, await modelInputs(line, call)));
  return { method, path, json: { ...(json as JsonObject), stream: true } };
}

function order(model: string, input: JsonObject): UpstreamRequest {
  return { method: 'POST', path: '/generations', json: { model, input } };
}

function sizeIn({ size, resolution, aspect }: ModelInputs, request: MediaRequest): JsonObject {
  if (request.kind === 'speech') return {};
  const { width, height } = request;
  // Left out: the server then takes the size of the first source, too.
  if (width === undefined || height === undefined) return {};
  if (request.kind === 'image') {
    const sizes = textsIn(size);
    return sizes.length === 0 ? {} : { size: nearestSize({ width, height }, sizes) };
  }
  return frameIn({ width, height }, textsIn(aspect), textsIn(resolution));
}

function frameIn(
  asked: Pick<VideoRequest, 'width' | 'height'>,
  aspects: readonly string[],
  resolutions: readonly string[],
): JsonObject {
  return aspects.length === 0 || resolutions.length === 0 ? {} : { ...frameFor(asked, aspects, resolutions) };
}

function textsIn(limits: ModelInputs[string] | undefined): readonly string[] {
  return (limits?.enum ?? []).filter((value) => typeof value === 'string');
}

function secondsIn({ seconds }: ModelInputs): { readonly seconds?: readonly number[] } {
  const { minimum, maximum } = seconds ?? {};
  if (minimum === undefined || maximum === undefined) return {};
  return { seconds: secondsFrom(minimum, maximum) };
}

function textInput({ settings }: Line, request: TextRequest, { max_tokens }: ModelInputs): JsonObject {
  const { messages, tools = [], toolChoice, maxTokens, temperature, topP, topK, stop = [], seed } = request;
  if (request.embed !== undefined)
    throw new GenlockError('model_misconfigured', undefined, { raw: 'the upstream makes no vectors' });
  const input: JsonObject = {
    messages: messages.map(({ role, content, toolCalls = [], toolCallId }) => ({
      ...{ role, content },
      ...(toolCalls.length > 0 && { tool_calls: toolCalls.map((one) => ({ ...one })) }),
      ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
    })),
    max_tokens: Math.min(maxTokens, max_tokens?.maximum ?? maxTokens),
    temperature,
    ...(topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && { top_k: topK }),
    ...(stop.length > 0 && { stop }),
    ...(tools.length > 0 && { tools: tools.map((tool) => ({ ...tool })) }),
    ...(toolChoice !== undefined && tools.length > 0 && { tool_choice: toolChoice }),
    seed: seedFor(seed),
  };
  return withParameters(input, settings.parameters);
}

async function upload(line: Line, call: ProviderCall, { url }: SourceMedia): Promise<string> {
  const bytes = await call.fetchSource(url);
  return line.uploads.bring(bytes, async () => {
    const { contentType, extension } = mediaTypeOf(bytes);
    const value = { bytes, contentType, fileName: `source.${extension}` };
    const request = { method: 'POST', path: '/uploads', form: [{ name: 'file', value }] } as const;
    const { id, expires_at } = readUploaded((await line.ask(request, call)).body);
    return { ref: id, expiresAt: Date.parse(expires_at) };
  });
}
