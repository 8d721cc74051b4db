import { createHash } from 'node:crypto';
import type { JsonObject } from '../../domain/json.ts';
import type { SourceMedia } from '../../domain/request.ts';
import { mediaTypeOf } from '../upstream/media-type.ts';
import { modelInput } from '../upstream/model-input.ts';
import { withParameters } from '../upstream/parameters.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import type { MediaRequest } from '../upstream/request-values.ts';
import type { Workflow } from './workflow.ts';

const CLIENT_ID = 'genlock';

/** The inputs of all nodes as one template. */
export function inputsOf({ nodes }: Workflow): JsonObject {
  return Object.fromEntries(Object.entries(nodes).map(([id, { inputs }]) => [id, inputs]));
}

/** A workflow with its places filled in. `names`: the server's names of the sources. Pure. */
export function promptFor(
  workflow: Workflow,
  request: MediaRequest,
  names: ReadonlyMap<SourceMedia, string>,
): JsonObject {
  const { seconds, fps } = workflow;
  const ordered = request.kind === 'video' && fps !== undefined ? { fps, ...request } : request;
  const filled = modelInput(inputsOf(workflow), ordered, names, seconds && { seconds });
  const nodes = Object.entries(workflow.nodes).map(([id, node]) => [
    id,
    { ...node, inputs: filled[id] ?? {} },
  ]);
  return Object.fromEntries(nodes);
}

/** Adds a prompt to the queue, with our id if the server accepts one. */
export function orderRequest(prompt: JsonObject, id: string, parameters?: JsonObject): UpstreamRequest {
  const order = { prompt, prompt_id: id, client_id: CLIENT_ID };
  return { method: 'POST', path: '/prompt', json: withParameters(order, parameters) };
}

/** The id of a call's prompt: a UUID (RFC 9562 section 5.8) derived from the key. */
export function promptIdOf(key: string): string {
  const hex = hashOf(key);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function hashOf(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * The file's name is derived from its content, so that sending a source again takes no further space. Clips and sounds are uploaded the
 * same way.
 */
export function uploadRequest(bytes: Uint8Array): UpstreamRequest {
  const { contentType, extension } = mediaTypeOf(bytes);
  const fileName = `genlock-${hashOf(bytes).slice(0, 32)}.${extension}`;
  const form = [
    { name: 'image', value: { bytes, contentType, fileName } },
    { name: 'type', value: 'input' },
    { name: 'overwrite', value: 'true' },
  ];
  return { method: 'POST', path: '/upload/image', form };
}

export const queueRequest: UpstreamRequest = { method: 'GET', path: '/queue' };

export function historyRequest(id: string): UpstreamRequest {
  return { method: 'GET', path: `/history/${encodeURIComponent(id)}` };
}

export function deleteRequest(id: string): UpstreamRequest {
  return { method: 'POST', path: '/queue', json: { delete: [id] } };
}

/** Older servers ignore the id and interrupt whatever is running. */
export function interruptRequest(id: string): UpstreamRequest {
  return { method: 'POST', path: '/interrupt', json: { prompt_id: id } };
}
