import type { Experimental_VideoModelV4 as VideoModelV4 } from '@ai-sdk/provider';
import { GenlockError } from '../../domain/error.ts';
import type { Json } from '../../domain/json.ts';
import type { VideoRequest } from '../../domain/request.ts';
import type { Output, PollReply, ProviderCall, ProviderReply } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import { accepted } from '../upstream/accepted.ts';
import { valuesOf } from '../upstream/request-values.ts';
import { fetchResult } from '../upstream/result-file.ts';
import { filesFrom } from '../upstream/result-files.ts';
import { jobFailure } from './failures.ts';
import { inParts, mostOf } from './parts.ts';
import { headersOf, modelOf, optionsOf, type Settings } from './settings.ts';
import { shapeOf } from './shape.ts';
import { readSources } from './sources.ts';

type Options = Parameters<NonNullable<VideoModelV4['doGenerate']>>[0];
type Clip = Awaited<ReturnType<NonNullable<VideoModelV4['doGenerate']>>>['videos'][number];

const POLL_MS = 5_000;
const MAX_CLIP_BYTES = 512 * 1024 * 1024;

/**
 * Orders clips. If the model supports jobs they are ordered as jobs, which survive a crash; otherwise the call lasts until they are made.
 */
export async function orderClips(
  model: VideoModelV4,
  settings: Settings,
  tools: ProviderTools,
  call: ProviderCall,
  request: VideoRequest,
): Promise<ProviderReply> {
  const options = await optionsFor(settings, call, request);
  const most = await mostOf(model.maxVideosPerCall, call.model);
  const count = request.count ?? 1;
  const { doStart, doStatus, doGenerate } = model;
  if (doStart !== undefined && doStatus !== undefined) {
    const operations = await inParts(call, count, most, async (n) => [
      (await doStart.call(model, { ...options, n })).operation,
    ]);
    return { ...accepted(JSON.stringify(operations.made), settings, POLL_MS), ...operations.lost };
  }
  if (doGenerate === undefined)
    throw new GenlockError('model_misconfigured', undefined, { raw: 'the model makes nothing' });
  const clips = await inParts(
    call,
    count,
    most,
    async (n) => (await doGenerate.call(model, { ...options, n })).videos,
  );
  const outputs = await Promise.all(clips.made.map((clip) => fileOf(clip, tools, call)));
  return { state: 'finished', outputs, ...clips.lost };
}

/** Delivers once all clips have ended, without those that failed. Fails if all failed. */
export async function pollClips(
  model: VideoModelV4,
  settings: Settings,
  tools: ProviderTools,
  call: ProviderCall,
  upstreamId: string,
): Promise<PollReply> {
  const operations = JSON.parse(upstreamId) as readonly Json[];
  const { doStatus } = model;
  if (doStatus === undefined)
    throw new GenlockError('upstream_failed', undefined, { raw: 'the model knows no jobs any more' });
  const all = await Promise.all(
    operations.map((operation) =>
      doStatus.call(model, {
        ...{ operation: operation as never, abortSignal: call.signal, headers: headersOf(call) },
      }),
    ),
  );
  if (all.some(({ status }) => status !== 'completed' && status !== 'error'))
    return accepted(upstreamId, settings, POLL_MS);
  const clips = all.flatMap((one) => (one.status === 'completed' ? one.videos : []));
  const failed = all.find((one) => one.status === 'error');
  if (clips.length === 0 && failed?.status === 'error')
    return { state: 'failed', error: jobFailure(failed.error) };
  return { state: 'finished', ...(await filesFrom(clips.map((clip) => fileOf(clip, tools, call)))) };
}

async function optionsFor(settings: Settings, call: ProviderCall, request: VideoRequest): Promise<Options> {
  const own = modelOf(settings, call.model);
  const { seconds, aspect_ratio } = valuesOf(
    request,
    own.seconds === undefined ? {} : { seconds: own.seconds },
  );
  const { size, aspectRatio } = shapeOf(request, own);
  const sourcesAs = await readSources(call, ['source', 'first_frame', 'last_frame', 'reference', 'video']);
  const [start, ...more] = sourcesAs('source', 'first_frame');
  if (more.length > 0)
    throw new GenlockError('model_misconfigured', undefined, { raw: 'a clip starts from one picture' });
  const last = sourcesAs('last_frame').map((image) => ({ image, frameType: 'last_frame' as const }));
  const first = start === undefined ? [] : [{ image: start, frameType: 'first_frame' as const }];
  const references = sourcesAs('reference', 'video');
  const { prompt, fps, seed, sound } = request;
  return {
    ...{ prompt, n: 1, fps, seed, generateAudio: sound, duration: seconds as number },
    aspectRatio: aspectRatio ?? (aspect_ratio as Options['aspectRatio']),
    resolution: size,
    // With a last frame, the first frame goes into `frameImages` as well. Alone, it is the image that the clip starts from.
    image: last.length === 0 ? start : undefined,
    frameImages: last.length === 0 ? undefined : [...first, ...last],
    inputReferences: references.length === 0 ? undefined : references,
    ...{ providerOptions: optionsOf(settings, own), abortSignal: call.signal, headers: headersOf(call) },
  };
}

async function fileOf(clip: Clip, tools: ProviderTools, { signal }: ProviderCall): Promise<Output> {
  switch (clip.type) {
    case 'base64':
      return { bytes: Buffer.from(clip.data, 'base64'), contentType: clip.mediaType };
    case 'binary':
      return { bytes: clip.data, contentType: clip.mediaType };
    case 'url':
      return {
        ...(await fetchResult(clip.url, { tools, signal, maxBytes: MAX_CLIP_BYTES })),
        contentType: clip.mediaType,
      };
    case 'uploaded':
      throw new GenlockError('upstream_invalid_result', undefined, {
        raw: 'the clip was put somewhere else',
        accepted: 'yes',
      });
  }
}
