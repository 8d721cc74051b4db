import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PollReply, Provider, ProviderCall, ProviderReply } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import { accepted } from '../upstream/accepted.ts';
import { failureFrom, failureOf, type UpstreamAnswer } from '../upstream/failure.ts';
import { finishedWith } from '../upstream/finished.ts';
import { unserved } from '../upstream/model-input.ts';
import { orderOptions } from '../upstream/order.ts';
import { placesIn } from '../upstream/places.ts';
import { isMedia } from '../upstream/request-values.ts';
import { openUpstream } from '../upstream/settings.ts';
import { sourcesFor } from '../upstream/source-places.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { failures } from './failures.ts';
import { withoutTexts } from './png-text.ts';
import { ask, cancel, look } from './queue.ts';
import { endOf, failureIn, filesOf, readOrdered, readUploaded } from './replies.ts';
import { inputsOf, orderRequest, promptFor, promptIdOf, uploadRequest } from './requests.ts';
import type { Settings } from './settings.ts';
import { loadWorkflows, type Workflow } from './workflow.ts';

const POLL_MS = 1_000;

interface Line {
  readonly settings: Settings;
  readonly workflows: ReadonlyMap<string, Workflow>;
  readonly tools: ProviderTools;
  readonly upstream: Upstream;
}

/**
 * Workflows on ComfyUI, through its queue. Prompts get ids from us, so that a prompt whose answer was lost can be looked up. Queue and
 * history are in the server's memory: after it restarts, its prompts are gone.
 */
export async function createComfyUi(
  name: string,
  settings: Settings,
  tools: ProviderTools,
): Promise<Provider> {
  const workflows = await loadWorkflows(name, settings.workflows);
  const { base_url, api_key, paid = false } = settings;
  const credentials = api_key === undefined ? {} : { authorization: `Bearer ${api_key}` };
  const upstream = openUpstream(settings, base_url, credentials);
  const line = { settings, workflows, tools, upstream };
  return {
    name,
    capabilities: { safeToResend: !paid, lookup: true, cancel: true, free: !paid },
    submit: (call) => submit(line, call),
    poll: (upstreamId, call) => poll(line, upstreamId, call),
    find: (call) => find(line, call),
    cancel: (upstreamId) => cancel(upstream, upstreamId),
    close: () => upstream.close(),
  };
}

async function submit(line: Line, call: ProviderCall): Promise<ProviderReply> {
  const id = promptIdOf(call.idempotencyKey);
  const order = orderRequest(await promptOf(line, call), id, line.settings.parameters);
  const answer = await line.upstream.send(order, orderOptions(call));
  if (isThere(answer)) return accepted(id, line.settings, POLL_MS);
  if (answer.status < 200 || answer.status > 299) throw failureOf(answer, failures, true);
  return accepted(readOrdered(answer.body).prompt_id, line.settings, POLL_MS);
}

/** Newer servers refuse an id that they already have, so an earlier call has arrived. */
function isThere({ status, body }: UpstreamAnswer): boolean {
  return status === 409 && /prompt_id already exists/.test(new TextDecoder().decode(body));
}

/** @throws GenlockError `model_misconfigured` for an unknown workflow, and for sources that the workflow has no place for */
async function promptOf(line: Line, call: ProviderCall): Promise<JsonObject> {
  const { request, model } = call;
  if (!isMedia(request)) throw unserved(request.kind);
  const workflow = line.workflows.get(model);
  if (workflow === undefined)
    throw new GenlockError('model_misconfigured', undefined, {
      raw: `there is no workflow called ${model}: name its file under workflows`,
    });
  const sources = sourcesFor(placesIn(inputsOf(workflow)), request.sources);
  const names = await Promise.all(
    sources.map(async (source) => [source, await upload(line, call, source.url)] as const),
  );
  return promptFor(workflow, request, new Map(names));
}

/** Uploads a source. Returns the name by which nodes load it. */
async function upload({ upstream }: Line, call: ProviderCall, url: string): Promise<string> {
  const bytes = await call.fetchSource(url);
  const { name, subfolder = '' } = readUploaded(await ask(upstream, uploadRequest(bytes), call));
  return subfolder === '' ? name : `${subfolder}/${name}`;
}

async function poll(line: Line, id: string, call: ProviderCall): Promise<PollReply> {
  const { settings } = line;
  const found = await look(line.upstream, id, call);
  if (found === 'gone') return { state: 'failed', error: gone(settings) };
  const end = found === 'queued' ? undefined : endOf(found.entry);
  if (found === 'queued' || end === undefined) return accepted(id, line.settings, POLL_MS);
  if (end === 'failed') return { state: 'failed', error: failed(found.entry) };
  const { request } = call;
  const reply = await finishedWith(
    isMedia(request) ? filesOf(found.entry, request, settings.base_url) : [],
    call,
    line,
  );
  if (reply.state !== 'finished') return reply;
  return { ...reply, outputs: reply.outputs.map((one) => ({ ...one, bytes: withoutTexts(one.bytes) })) };
}

/** Never answers `never_arrived`: the server may have restarted since, or may assign ids of its own. */
async function find(line: Line, call: ProviderCall): Promise<{ readonly upstreamId: string } | 'unknown'> {
  const upstreamId = promptIdOf(call.idempotencyKey);
  return (await look(line.upstream, upstreamId, call)) === 'gone' ? 'unknown' : { upstreamId };
}

/** The server has forgotten the prompt, so nobody can tell how far it got. If that may have cost money, it is not ordered again. */
function gone({ paid = false }: Settings): GenlockError {
  return new GenlockError('upstream_failed', undefined, {
    raw: 'the prompt is neither in the queue nor in the history: the server was started anew, or its history cleared',
    accepted: paid ? 'yes' : 'no',
  });
}

function failed(entry: unknown): GenlockError {
  const { error, node } = failureIn(entry);
  const raw = `${node} ${error.type}: ${error.message}`.trim();
  return failureFrom(undefined, failures.read({ error }), failures, { paid: true, raw });
}
