import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from './listen.ts';

export interface Hook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came is asserted on, not relied on
  readonly json: any;
}

export interface Receiver {
  readonly url: string;
  readonly hooks: readonly Hook[];
  /** The status of the next answers, one each; then 204. `hang`: no answer. */
  readonly answers: (number | 'hang')[];
  /** Waits until this many have arrived, and returns all. */
  got(count: number): Promise<readonly Hook[]>;
  close(): void;
}

/** Receives webhooks. */
export async function startReceiver(): Promise<Receiver> {
  const hooks: Hook[] = [];
  const answers: (number | 'hang')[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    hooks.push({ headers: request.headers, body, json: JSON.parse(body) });
    const answer = answers.shift() ?? 204;
    if (answer !== 'hang') response.writeHead(answer).end();
    for (const look of waiting) look();
  });
  return {
    url: `${await listen(server)}/hook`,
    hooks,
    answers,
    got: (count) => {
      const { promise, resolve } = Promise.withResolvers<readonly Hook[]>();
      const look = (): void => {
        if (hooks.length >= count) resolve([...hooks]);
      };
      waiting.add(look);
      look();
      return promise;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
