import { GenlockError } from '../../domain/error.ts';
import type { Json } from '../../domain/json.ts';
import type { Delivered, PollReply, Provider, ProviderCall, ProviderReply } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import { accepted } from '../upstream/accepted.ts';
import { costAt } from '../upstream/cost.ts';
import { failureFrom, failureOf } from '../upstream/failure.ts';
import { finishedWith } from '../upstream/finished.ts';
import { dataUrl } from '../upstream/media-type.ts';
import { checkInputs, inputFor, ownOf } from '../upstream/model-input.ts';
import { membersOf } from '../upstream/read-members.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import { linksIn } from '../upstream/result-links.ts';
import { openUpstream } from '../upstream/settings.ts';
import type { CallOptions, Upstream } from '../upstream/upstream.ts';
import { failures } from './failures.ts';
import { type Prediction, percentIn, readOrdered, readPrediction, readUpload } from './replies.ts';
import { cancelRequest, createRequest, getRequest, uploadRequest, usualInputs } from './requests.ts';
import type { Settings } from './settings.ts';

const BASE_URL = 'https://api.replicate.com/v1';
const POLL_MS = 1_000;
const CANCEL_MS = 10_000;
/** Larger sources are uploaded: Replicate advises against longer data URLs. */
const MAX_INLINE_BYTES = 256 * 1024;

interface Line {
  readonly settings: Settings;
  readonly tools: ProviderTools;
  readonly upstream: Upstream;
}

/**
 * Models at Replicate. A prediction has an id as soon as it is accepted, so it survives crashes. An order whose answer was lost cannot be
 * looked up, because Replicate stores no key of ours with it.
 */
export function createReplicate(name: string, settings: Settings, tools: ProviderTools): Provider {
  checkInputs(name, settings);
  const credentials = { authorization: `Bearer ${settings.api_key}` };
  const upstream = openUpstream(settings, settings.base_url ?? BASE_URL, credentials);
  const line = { settings, tools, upstream };
  return {
    name,
    capabilities: { safeToResend: false, lookup: false, cancel: true },
    submit: (call) => submit(line, call),
    poll: (upstreamId, call) => poll(line, upstreamId, call),
    cancel: async (upstreamId) => {
      await upstream.send(cancelRequest(upstreamId), { signal: AbortSignal.timeout(CANCEL_MS) });
    },
    close: () => upstream.close(),
  };
}

async function submit(line: Line, call: ProviderCall): Promise<ProviderReply> {
  const { model, signal, deadlineAt } = call;
  const input = await inputFor(usualInputs, line.settings, call, (bytes) => link(line, bytes, signal));
  const order = createRequest(model, input, deadlineAt === undefined ? undefined : deadlineAt - Date.now());
  const { id } = readOrdered(await answer(line, order, call, true));
  return accepted(id, line.settings, POLL_MS);
}

/** A link with which Replicate can read a source. */
async function link(line: Line, bytes: Uint8Array, signal: AbortSignal): Promise<string> {
  if (bytes.length <= MAX_INLINE_BYTES) return dataUrl(bytes);
  return readUpload(await answer(line, uploadRequest(bytes), { signal }, false)).urls.get;
}

async function poll(line: Line, id: string, call: ProviderCall): Promise<PollReply> {
  const prediction = readPrediction(await answer(line, getRequest(id), call, false));
  switch (prediction.status) {
    case 'succeeded':
    case 'successful':
      return finishedWith(
        linksIn((prediction.output ?? null) as Json, true),
        call,
        line,
        costOf(line, prediction, call),
      );
    case 'failed':
      return { state: 'failed', error: failureOfPrediction(prediction) };
    // Charged if it had begun, otherwise not.
    case 'canceled':
    case 'aborted':
      return { state: 'failed', error: givenUp(prediction.status === 'canceled' ? 'yes' : 'no') };
  }
  const percent = percentIn(prediction.logs);
  if (percent !== undefined) call.tell({ percent, metrics: {} });
  return accepted(id, line.settings, POLL_MS);
}

/** The cost by the seconds that the model ran. */
function costOf(
  { settings: { models = {} } }: Line,
  { metrics }: Prediction,
  { model }: ProviderCall,
): Pick<Delivered, 'cost'> {
  const { predict_time: seconds } = membersOf(metrics);
  return costAt(ownOf(models, model)?.usd_per_second, typeof seconds === 'number' ? seconds : undefined);
}

function failureOfPrediction({ error }: Prediction): GenlockError {
  const raw = typeof error === 'string' ? error : JSON.stringify(error ?? 'no word of why');
  return failureFrom(undefined, failures.read({ error }), failures, { paid: true, raw });
}

function givenUp(accepted: 'yes' | 'no'): GenlockError {
  return new GenlockError('upstream_failed', undefined, {
    raw: 'the prediction was canceled there',
    accepted,
  });
}

/** @throws GenlockError according to the error table unless it is a success */
async function answer(
  { upstream }: Line,
  request: UpstreamRequest,
  { signal, traceparent }: Pick<CallOptions, 'signal' | 'traceparent'>,
  paid: boolean,
): Promise<Uint8Array> {
  const options = { signal, paid, ...(traceparent !== undefined && { traceparent }) };
  const reply = await upstream.send(request, options);
  if (reply.status < 200 || reply.status > 299) throw failureOf(reply, failures, paid);
  return reply.body;
}
