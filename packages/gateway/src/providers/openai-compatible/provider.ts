import { GenlockError } from '../../domain/error.ts';
import type { ImageRequest, SpeechRequest, TextRequest } from '../../domain/request.ts';
import type { Delivered, Output, Provider, ProviderCall, ProviderReply } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import { fetchResult } from '../upstream/result-file.ts';
import { filesFrom } from '../upstream/result-files.ts';
import { answerBatch } from './batch.ts';
import { text } from './chat.ts';
import { collectText } from './collect-text.ts';
import { costOf } from './cost.ts';
import { imageRequest } from './image-request.ts';
import { type Line, openLine } from './line.ts';
import { readPictures } from './replies.ts';
import type { Settings } from './settings.ts';
import { speechRequest } from './speech-request.ts';
import { orderVideos, pollVideos } from './videos.ts';

const MAX_PICTURE_BYTES = 64 * 1024 * 1024;
/** Limit for an answer that contains pictures as text. */
const MAX_PICTURES_BYTES = 192 * 1024 * 1024;
/** Some servers send the picture as a data URL. */
const DATA_URL = /^data:[^,]{0,100},/;
const MAX_SPEECH_BYTES = 128 * 1024 * 1024;

/** A server with OpenAI's API. Clips are jobs with ids and can be resumed; all other work is answered at once or lost. */
export function createOpenAiCompatible(name: string, settings: Settings, tools: ProviderTools): Provider {
  const line = openLine(settings, tools);
  const free = settings.paid === false;
  const safeToResend = free || settings.idempotency_key_header !== undefined;
  return {
    name,
    capabilities: { safeToResend, lookup: false, cancel: false, free },
    submit: (call) => submit(line, call),
    stream: (call) => {
      if (call.request.kind !== 'text') throw unserved(call);
      return text(line, call, call.request);
    },
    poll: (upstreamId, call) => pollVideos(line, upstreamId, call),
    close: () => line.upstream.close(),
  };
}

async function submit(line: Line, call: ProviderCall): Promise<ProviderReply> {
  const { request } = call;
  switch (request.kind) {
    case 'image':
      return { state: 'finished', ...(await pictures(line, call, request)) };
    case 'speech':
      return { state: 'finished', ...(await speech(line, call, request)) };
    case 'text':
      return { state: 'finished', ...(await answer(line, call, request)) };
    case 'batch':
      return { state: 'finished', ...(await answerBatch(line, call, request)) };
    case 'video':
      return orderVideos(line, call, request);
    case 'training':
      throw unserved(call);
  }
}

function unserved({ request }: ProviderCall): GenlockError {
  return new GenlockError('model_misconfigured', undefined, { raw: `the upstream does no ${request.kind}` });
}

async function pictures(line: Line, call: ProviderCall, request: ImageRequest): Promise<Delivered> {
  const sources = await Promise.all((request.sources ?? []).map(({ url }) => call.fetchSource(url)));
  const order = imageRequest({ model: call.model, request, sources }, line.settings);
  const reply = await line.order(order, call, { maxBytes: MAX_PICTURES_BYTES });
  const { data } = readPictures(reply.body);
  const { upstream, tools } = line;
  const bounds = { upstream, tools, signal: call.signal, maxBytes: MAX_PICTURE_BYTES };
  const files = await filesFrom(
    data.flatMap(({ b64_json, url }): (Output | Promise<Output>)[] => {
      if (b64_json)
        return [{ bytes: Buffer.from(b64_json.replace(DATA_URL, ''), 'base64'), contentType: '' }];
      return url ? [fetchResult(url, bounds)] : [];
    }),
  );
  if (files.outputs.length === 0 && data.some(({ respect_moderation }) => respect_moderation === false))
    throw new GenlockError('content_rejected', undefined, {
      raw: 'every picture was withheld',
      accepted: 'yes',
    });
  return { ...files, ...costOf(reply) };
}

async function speech(line: Line, call: ProviderCall, request: SpeechRequest): Promise<Delivered> {
  const order = speechRequest(call.model, request, line.settings);
  const reply = await line.order(order, call, { maxBytes: MAX_SPEECH_BYTES });
  const output = { bytes: reply.body, contentType: reply.headers['content-type'] ?? '' };
  return { outputs: [output], ...costOf(reply) };
}

async function answer(line: Line, call: ProviderCall, request: TextRequest): Promise<Delivered> {
  const { text: said, usage, cost } = await collectText(text(line, call, request));
  const output = { bytes: new TextEncoder().encode(said), contentType: 'text/plain; charset=utf-8' };
  return { outputs: [output], usage, ...(cost !== undefined && { cost }) };
}
