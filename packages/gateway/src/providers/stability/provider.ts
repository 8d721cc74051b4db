import { GenlockError } from '../../domain/error.ts';
import type { ImageRequest } from '../../domain/request.ts';
import type { Output, PollReply, Provider, ProviderCall, ProviderReply } from '../port.ts';
import { accepted } from '../upstream/accepted.ts';
import { failureOf } from '../upstream/failure.ts';
import { isLost, lostAmong, withLostCalls } from '../upstream/lost-calls.ts';
import { order } from '../upstream/order.ts';
import { openUpstream } from '../upstream/settings.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { failures } from './failures.ts';
import { readId, readPicture } from './replies.ts';
import { pictureRequest, resultRequest } from './requests.ts';
import type { Settings } from './settings.ts';
import { type Work, works } from './works.ts';

const BASE_URL = 'https://api.stability.ai';
const POLL_MS = 5_000;
/** Limit for an answer that contains a picture as text. */
const MAX_BYTES = 96 * 1024 * 1024;
/** Separates the ids of several pictures of one generation. */
const BETWEEN = ' ';

/** Most pictures are answered at once. Some kinds of work have ids and are resumed after a crash. */
export function createStability(name: string, settings: Settings): Provider {
  const { base_url = BASE_URL, api_key } = settings;
  const upstream = openUpstream(settings, base_url, { authorization: `Bearer ${api_key}` });
  return {
    name,
    capabilities: { safeToResend: false, lookup: false, cancel: false },
    submit: (call) => submit(upstream, settings, call),
    poll: (upstreamId, call) => poll(upstream, settings, upstreamId, call),
    close: () => upstream.close(),
  };
}

async function submit(upstream: Upstream, settings: Settings, call: ProviderCall): Promise<ProviderReply> {
  const { request, model } = call;
  const work = works[model];
  if (request.kind !== 'image' || work === undefined) throw unserved(`no ${request.kind} by ${model}`);
  const sources = await sourcesOf(work, request, call);
  const made = async (index: number): Promise<Uint8Array> => {
    const picture = pictureRequest({ work, request, sources, index }, settings);
    return (await order(upstream, picture, call, { failures, maxBytes: MAX_BYTES })).body;
  };
  if (work.later !== true) {
    const outputs = await several(request.count, async (index) => readPicture(await made(index)));
    return { state: 'finished', outputs: outputs.made, ...outputs.lost };
  }
  const ids = await several(request.count, async (index) => readId(await made(index)));
  return { ...accepted(ids.made.join(BETWEEN), settings, POLL_MS), ...ids.lost };
}

function unserved(raw: string): GenlockError {
  return new GenlockError('model_misconfigured', undefined, { raw });
}

function sourcesOf(
  { pictures = [], optional }: Work,
  { sources = [] }: ImageRequest,
  call: ProviderCall,
): Promise<Uint8Array[]> {
  if (sources.length > pictures.length || (sources.length === 0 && pictures.length > 0 && optional !== true))
    throw unserved(
      `the work takes the pictures ${pictures.join(', ') || '(none)'}, and got ${sources.length}`,
    );
  return Promise.all(sources.map(({ url }) => call.fetchSource(url)));
}

/** The result of several orders: some results are better than none, and if there are none, the most serious error counts. */
async function several<T>(
  count: number,
  one: (index: number) => Promise<T>,
): Promise<{ readonly made: readonly T[]; readonly lost: ReturnType<typeof lostAmong> }> {
  const ended = await Promise.allSettled(Array.from({ length: count }, (_, index) => one(index)));
  const made = ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const errors = ended.flatMap((each) =>
    each.status === 'rejected' ? [GenlockError.from(each.reason)] : [],
  );
  if (made.length > 0) return { made, lost: lostAmong(errors) };
  const gravest = errors.find(isLost) ?? errors.find(({ detail }) => detail.accepted === 'yes') ?? errors[0];
  throw gravest === undefined ? unserved('nothing was ordered') : withLostCalls(gravest, errors);
}

/** Delivers once all have ended, without those that were refused. Fails if all were refused. */
async function poll(
  upstream: Upstream,
  settings: Settings,
  upstreamId: string,
  call: ProviderCall,
): Promise<PollReply> {
  const results = await Promise.all(upstreamId.split(BETWEEN).map((id) => ask(upstream, id, call)));
  if (results.includes('running')) return accepted(upstreamId, settings, POLL_MS);
  const outputs = results.filter((one): one is Output => one !== 'running' && !(one instanceof GenlockError));
  const error = results.find((one) => one instanceof GenlockError);
  return outputs.length > 0 || error === undefined
    ? { state: 'finished', outputs }
    : { state: 'failed', error };
}

/** 202 while it runs, then the picture, or the reason why there is none. Any other answer means that it could not be asked. */
async function ask(
  upstream: Upstream,
  id: string,
  { signal }: ProviderCall,
): Promise<Output | GenlockError | 'running'> {
  const answer = await upstream.send(resultRequest(id), { signal, maxBytes: MAX_BYTES });
  if (answer.status === 202) return 'running';
  try {
    if (answer.status === 200) return readPicture(answer.body);
    throw failureOf(answer, failures, false);
  } catch (error) {
    const ended =
      error instanceof GenlockError && (error.code === 'content_rejected' || error.detail.accepted === 'yes');
    if (ended) return error;
    throw error;
  }
}
