import { diceOf } from './dice.ts';
import type { Operation } from './documents.ts';
import { piecesOf } from './draft.ts';
import { Line } from './line.ts';
import { bodyOf, plainRequest, takesJson, type World } from './plain.ts';

const TRIES = 40;
const WANTED = 3;
const TIMEOUT_MS = 60_000;

export interface GoodRequest {
  readonly path: string;
  readonly json: unknown;
}

/** By the name of the operation. */
export type GoodRequests = ReadonlyMap<string, readonly GoodRequest[]>;

/**
 * Requests that the server accepts, found by trying, because no schema says which model does what or which members fit together. Cases that
 * start from these get further than those that start from random ones.
 */
export async function findGoodRequests(world: World, seed: number, url: URL): Promise<GoodRequests> {
  const operations = world.apis
    .filter(({ name }) => name !== 'admin')
    .flatMap((api) => api.operations.filter(takesJson));
  const found = await Promise.all(
    operations.map(
      async (operation, index) => [operation.name, await tryOne(world, seed, url, operation, index)] as const,
    ),
  );
  return new Map(found.filter(([, requests]) => requests.length > 0));
}

async function tryOne(
  world: World,
  seed: number,
  url: URL,
  operation: Operation,
  index: number,
): Promise<readonly GoodRequest[]> {
  const line = new Line(url);
  const good: GoodRequest[] = [];
  for (let n = 0; n < TRIES && good.length < WANTED; n += 1) {
    // Negative numbers, because those of cases start at 0.
    const dice = diceOf(seed, -1 - index * TRIES - n);
    const { draft, json } = plainRequest(world, dice, operation, world.keyring.usual(operation.api));
    if (json === undefined) continue;
    draft.body = bodyOf(json);
    const outcome = await line.send({
      pieces: piecesOf(draft, world.host),
      bodyless: false,
      timeoutMs: TIMEOUT_MS,
    });
    if (outcome.kind === 'reply' && wasTaken(outcome.reply.status)) good.push({ path: draft.path, json });
  }
  line.close();
  return good;
}

/** A request that was refused for lack of money, or that rehearsed a failure, has passed all checks too. */
function wasTaken(status: number): boolean {
  return status < 300 || status === 402 || status >= 500;
}
