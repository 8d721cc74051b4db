import { GenlockError } from '../../domain/error.ts';
import type { Delivered, PollReply, Provider, ProviderCall, ProviderReply } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import { accepted } from '../upstream/accepted.ts';
import { costAt } from '../upstream/cost.ts';
import { complaintIn, failureOf, type UpstreamAnswer } from '../upstream/failure.ts';
import { finishedWith } from '../upstream/finished.ts';
import { dataUrl } from '../upstream/media-type.ts';
import { checkInputs, inputFor, ownOf } from '../upstream/model-input.ts';
import { order } from '../upstream/order.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import { openUpstream } from '../upstream/settings.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { failures } from './failures.ts';
import { filesOf, readOrdered, readResult, readStatus } from './replies.ts';
import {
  cancelRequest,
  createRequest,
  placeOf,
  resultRequest,
  statusRequest,
  usualInputs,
} from './requests.ts';
import type { Settings } from './settings.ts';

const BASE_URL = 'https://queue.fal.run';
const POLL_MS = 1_000;
const CANCEL_MS = 10_000;

interface Line {
  readonly settings: Settings;
  readonly baseUrl: string;
  readonly tools: ProviderTools;
  readonly upstream: Upstream;
}

/**
 * Models at fal, through its queue. A request has an id as soon as it is accepted, so it survives crashes. An order whose answer was lost
 * cannot be looked up, because fal stores no key of ours with it.
 */
export function createFal(name: string, settings: Settings, tools: ProviderTools): Provider {
  checkInputs(name, settings);
  const baseUrl = settings.base_url ?? BASE_URL;
  const upstream = openUpstream(settings, baseUrl, { authorization: `Key ${settings.api_key}` });
  const line = { settings, baseUrl, tools, upstream };
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
  const { model, deadlineAt } = call;
  const input = await inputFor(usualInputs, line.settings, call, async (bytes) => dataUrl(bytes));
  const remainingMs = deadlineAt === undefined ? undefined : deadlineAt - Date.now();
  const { body } = await order(line.upstream, createRequest(model, input, remainingMs), call, { failures });
  return accepted(placeOf(model, readOrdered(body), line.baseUrl), line.settings, POLL_MS);
}

async function poll(line: Line, at: string, call: ProviderCall): Promise<PollReply> {
  const asked = await ask(line, statusRequest(at), call);
  if (asked.status > 299) throw failureOf(asked, failures, false);
  if (readStatus(asked.body).status !== 'COMPLETED') return accepted(at, line.settings, POLL_MS);
  const result = await ask(line, resultRequest(at), call);
  if (result.status > 299) return failed(result);
  const { links, withheld } = filesOf(readResult(result.body));
  if (links.length === 0 && withheld) return { state: 'failed', error: refusedAfterwards() };
  return finishedWith(links, call, line, costOf(line, result, call));
}

/** The cost by the model's billing units, which fal reports. */
function costOf(
  { settings: { models = {} } }: Line,
  { headers }: UpstreamAnswer,
  { model }: ProviderCall,
): Pick<Delivered, 'cost'> {
  const units = Number(headers['x-fal-billable-units'] || Number.NaN);
  return costAt(ownOf(models, model)?.usd_per_unit, units);
}

/**
 * A request that failed has an error in place of its result. A failure that is not in fal's own words comes from a proxy in front of it and
 * says nothing about the request.
 *
 * @throws GenlockError if the result could not be read
 */
function failed(answer: UpstreamAnswer): PollReply {
  // fal does not charge for server failures, so none is marked as ambiguous.
  const error = failureOf(answer, failures, false);
  const silent = complaintIn(answer, failures) === undefined;
  if (silent || error.code === 'upstream_rate_limited' || answer.status === 404) throw error;
  return { state: 'failed', error };
}

function ask(
  { upstream }: Line,
  request: UpstreamRequest,
  { signal, traceparent }: ProviderCall,
): Promise<UpstreamAnswer> {
  return upstream.send(request, { signal, ...(traceparent !== undefined && { traceparent }) });
}

function refusedAfterwards(): GenlockError {
  return new GenlockError('content_rejected', undefined, {
    raw: 'every picture was withheld',
    accepted: 'yes',
  });
}
