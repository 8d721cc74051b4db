import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Json, JsonObject } from '../../domain/json.ts';
import { checkPlaces } from '../upstream/model-input.ts';
import { membersOf } from '../upstream/read-members.ts';
import type { Settings, WorkflowSettings } from './settings.ts';

/** A node of a workflow in API format: its class, and its inputs with places. */
export type Node = JsonObject & { readonly class_type: string; readonly inputs: JsonObject };

export interface Workflow extends Omit<WorkflowSettings, 'file'> {
  readonly nodes: Readonly<Record<string, Node>>;
}

/**
 * Loads the workflows of a provider by name. Paths are relative to the working directory.
 *
 * @throws Error at start for anything that is not a workflow; it names the file and the fault
 */
export async function loadWorkflows(
  provider: string,
  workflows: Settings['workflows'],
): Promise<ReadonlyMap<string, Workflow>> {
  const loaded = Object.entries(workflows).map(async ([model, { file, ...more }]) => {
    const at = `providers.${provider}.workflows.${model}: ${file}`;
    const nodes = readWorkflow(await textOf(file, at), at);
    return [model, { ...more, nodes }] as const;
  });
  return new Map(await Promise.all(loaded));
}

async function textOf(file: string, at: string): Promise<string> {
  try {
    return await readFile(resolve(file), 'utf8');
  } catch (error) {
    throw new Error(`${at}: cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** @throws Error that begins with `at` */
function readWorkflow(text: string, at: string): Readonly<Record<string, Node>> {
  const nodes = parsed(text, at);
  if (Array.isArray(membersOf(nodes).nodes))
    throw new Error(`${at}: is a workflow of the editor; export it with "Export (API)"`);
  const entries = Object.entries(membersOf(nodes));
  if (entries.length === 0) throw new Error(`${at}: has no nodes`);
  for (const [id, node] of entries) {
    const { class_type: type, inputs } = membersOf(node);
    if (typeof type !== 'string' || membersOf(inputs) !== inputs)
      throw new Error(`${at}: node ${id} has no class_type or no inputs, as the API format has`);
    checkPlaces(inputs as JsonObject, `${at}: node ${id}`);
  }
  return nodes as Readonly<Record<string, Node>>;
}

function parsed(text: string, at: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${at}: is not JSON`);
  }
}
