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
 * Models at fal, through its queue. A request has an id from its order on, so it survives crashes; an order whose answer is lost
 * cannot be asked for, since fal keeps no word of ours with it.
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

/** By units of the model, of which fal counts as many as it charges for. */
function costOf(
  { settings: { models = {} } }: Line,
  { headers }: UpstreamAnswer,
  { model }: ProviderCall,
): Pick<Delivered, 'cost'> {
  const units = Number(headers['x-fal-billable-units'] || Number.NaN);
  return costAt(ownOf(models, model)?.usd_per_unit, units);
}

/**
 * A request that ended badly tells so in place of its result. What is none of fal's own words comes from something in front
 * of it, and says nothing.
 *
 * @throws GenlockError where the result could not be asked for
 */
function failed(answer: UpstreamAnswer): PollReply {
  // Nobody pays for the failure of a server, so none is in doubt.
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
