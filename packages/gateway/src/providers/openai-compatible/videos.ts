import { GenlockError } from '../../domain/error.ts';
import type { SourceMedia, VideoRequest } from '../../domain/request.ts';
import type { Output, PollReply, ProviderCall, ProviderReply } from '../port.ts';
import { accepted } from '../upstream/accepted.ts';
import { failureFrom, failureOf } from '../upstream/failure.ts';
import { lostAmong } from '../upstream/lost-calls.ts';
import { fetchResult } from '../upstream/result-file.ts';
import { filesFrom } from '../upstream/result-files.ts';
import { failures } from './failures.ts';
import type { Line } from './line.ts';
import { readOrderedVideo, readVideo, type Video } from './replies.ts';
import { videoRequest } from './video-request.ts';

const POLL_MS = 5_000;
const MAX_CLIP_BYTES = 512 * 1024 * 1024;
/** Separates the ids of several clips of one generation. */
const BETWEEN = ' ';

const DONE = ['completed', 'succeeded'];
const FAILED = ['failed', 'cancelled', 'canceled', 'expired'];
/** The only kind of source in this API is a picture that the clip starts from. */
const STARTS: readonly SourceMedia['role'][] = ['first_frame', 'source', 'reference'];

/** Orders the clips one after the other. Accepted clips are waited for, even if a later one is refused. */
export async function orderVideos(
  line: Line,
  call: ProviderCall,
  request: VideoRequest,
): Promise<ProviderReply> {
  const picture = await startOf(request, call);
  const order = videoRequest(call.model, request, picture, line.settings);
  const ids: string[] = [];
  let refused: unknown;
  for (let part = 0; part < (request.count ?? 1); part += 1) {
    try {
      const { id } = readOrderedVideo((await line.order(order, call, { part })).body);
      ids.push(encodeURIComponent(id));
    } catch (error) {
      if (ids.length === 0) throw error;
      refused = error;
      break;
    }
  }
  return { ...accepted(ids.join(BETWEEN), line.settings, POLL_MS), ...lostAmong([refused]) };
}

async function startOf({ sources = [] }: VideoRequest, call: ProviderCall): Promise<Uint8Array | undefined> {
  const foreign = sources.find(({ role }) => !STARTS.includes(role));
  if (foreign !== undefined || sources.length > 1)
    throw new GenlockError('model_misconfigured', undefined, {
      raw: `the upstream takes one picture to start from, not ${sources.map(({ role }) => role).join(', ')}`,
    });
  return sources[0] && call.fetchSource(sources[0].url);
}

/** Delivers once all clips have ended, without those that failed. Fails if all failed. */
export async function pollVideos(line: Line, upstreamId: string, call: ProviderCall): Promise<PollReply> {
  const ids = upstreamId.split(BETWEEN);
  const videos = await Promise.all(ids.map((id) => ask(line, id, call)));
  const states = videos.map(({ status = '' }) => status.toLowerCase());
  const percent = videos.reduce((sum, { progress }) => sum + (progress ?? 0), 0) / ids.length;
  if (percent > 0) call.tell({ percent: Math.min(100, Math.floor(percent)), metrics: {} });
  if (!states.every((one) => DONE.includes(one) || FAILED.includes(one)))
    return accepted(upstreamId, line.settings, POLL_MS);
  const done = ids.filter((_, index) => DONE.includes(states[index] ?? ''));
  if (done.length === 0) return { state: 'failed', error: failureOfVideo(videos[0]) };
  return { state: 'finished', ...(await filesFrom(done.map((id) => content(line, id, call)))) };
}

async function ask(line: Line, id: string, { signal }: ProviderCall): Promise<Video> {
  const answer = await line.upstream.send({ method: 'GET', path: `/videos/${id}` }, { signal });
  if (answer.status !== 200) throw failureOf(answer, failures, false);
  return readVideo(answer.body);
}

function content({ upstream, tools, url }: Line, id: string, { signal }: ProviderCall): Promise<Output> {
  return fetchResult(url(`/videos/${id}/content`), { upstream, tools, signal, maxBytes: MAX_CLIP_BYTES });
}

function failureOfVideo(video: Video | undefined): GenlockError {
  const complaint = failures.read({ error: video?.error });
  return failureFrom(undefined, complaint, failures, { paid: true, raw: JSON.stringify(video) });
}
