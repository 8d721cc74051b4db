import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalServer, serve } from './http-server.ts';
import type { Random } from './random.ts';

export interface Receiver extends LocalServer {
  /** Whether a delivery that was answered with 2xx named this job. */
  heardOf(id: string): boolean;
  readonly delivered: number;
  readonly refused: number;
  /** From now on every delivery is accepted. */
  behave(): void;
}

const IDS = /"([A-Za-z]+_[A-Za-z0-9_-]+|[0-9a-f-]{36})"/g;

/** A receiver of webhooks that fails two times out of five: with an error, by closing the connection, or by being slow. */
export async function startReceiver(random: Random): Promise<Receiver> {
  const heard = new Set<string>();
  const counts = { delivered: 0, refused: 0 };
  let misbehaves = true;
  const server = await serve(async ({ body, response }) => {
    const mood = misbehaves ? random.pick({ fine: 6, broken: 2, gone: 1, slow: 1 }) : 'fine';
    if (mood === 'slow') await sleep(random.between(100, 600));
    if (mood === 'gone' || mood === 'broken') {
      counts.refused += 1;
      if (mood === 'gone') response.destroy();
      else response.writeHead(500).end();
      return;
    }
    counts.delivered += 1;
    for (const [, id] of body.matchAll(IDS)) if (id !== undefined) heard.add(id);
    response.writeHead(204).end();
  });
  return {
    ...server,
    heardOf: (id) => heard.has(id),
    get delivered() {
      return counts.delivered;
    },
    get refused() {
      return counts.refused;
    },
    behave: () => {
      misbehaves = false;
    },
  };
}
