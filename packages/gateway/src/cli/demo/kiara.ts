import { setTimeout as sleep } from 'node:timers/promises';
import { type Access, type Scene, SceneError } from './scene.ts';

/** What the demo reads of a generation object (contracts/kiara.md section 6). */
interface KiaraGeneration {
  readonly id: string;
  readonly status: 'queued' | 'processing' | 'completed' | 'failed' | 'canceled';
  readonly result: { readonly url: string } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

interface KiaraOrder {
  readonly title: string;
  readonly file: string;
  readonly product: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Often enough for a bar that moves, and half of the reads that a key may do by default (600 a minute). */
const POLL_MS = 200;

/** A scene in the Kiara dialect: create, poll until it ends, download with the same key. */
export function kiaraScene({ title, file, product, input }: KiaraOrder): Scene {
  return {
    title,
    file,
    dialect: 'kiara',
    model: product,
    async make(access, report) {
      report('submitting');
      let generation = await json(access, 'POST', '/v1/generations', { product, ...input });
      const { id } = generation;
      while (generation.status === 'queued' || generation.status === 'processing') {
        report(generation.status);
        await sleep(POLL_MS, undefined, { signal: access.signal });
        generation = await json(access, 'GET', `/v1/generations/${id}`);
      }
      if (generation.result === null) {
        const { status, error } = generation;
        throw new SceneError(
          `${id} ${status}${error === null ? '' : ` (${error.code}: ${error.message})`}`,
          id,
        );
      }
      report('downloading');
      const response = await call(access, 'GET', generation.result.url);
      return { generationId: id, bytes: new Uint8Array(await response.arrayBuffer()) };
    },
  };
}

async function json(access: Access, method: string, path: string, body?: object): Promise<KiaraGeneration> {
  const response = await call(access, method, access.base + path, body);
  return (await response.json()) as KiaraGeneration;
}

/** @throws SceneError with the code and message of the answer when it is an error */
async function call({ key, signal }: Access, method: string, url: string, body?: object): Promise<Response> {
  const response = await fetch(url, {
    method,
    signal,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  const text = await response.text();
  throw new SceneError(
    `${method} ${new URL(url).pathname} was answered ${response.status}: ${text.slice(0, 500)}`,
  );
}
