import { AsyncLocalStorage } from 'node:async_hooks';

/** What became of the HTTP calls that a package made for one piece of work. */
export interface Sent {
  /** Something was answered with success, which may have been the order. */
  taken: boolean;
}

const sending = new AsyncLocalStorage<Sent>();

/** Does a piece of work and watches its HTTP calls. */
export function watched<T>(work: (sent: Sent) => Promise<T>): Promise<T> {
  const sent: Sent = { taken: false };
  return sending.run(sent, () => work(sent));
}

/**
 * The `fetch` that packages are given. One call of a model may make several HTTP calls: an order, polls, the download of the file. A
 * refusal after the order was accepted must not be mistaken for a refusal of the order.
 */
export const watchedFetch: typeof fetch = async (input, init) => {
  const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
  if (method === 'GET' || method === 'HEAD') return fetch(input, init);
  const answer = await send(input, init);
  const sent = sending.getStore();
  if (sent !== undefined && answer.ok) sent.taken = true;
  return answer;
};

/**
 * An order may be answered with a redirect to a result (302, 303). If that were followed, an error there would look like a refusal of the
 * order, so it is not followed. A redirect that asks for the same order elsewhere has bought nothing, and is left to `fetch`, which knows
 * what may be sent there.
 */
async function send(input: Parameters<typeof fetch>[0], init: RequestInit | undefined): Promise<Response> {
  if (init?.redirect !== undefined) return fetch(input, init);
  const once = input instanceof Request ? input.clone() : input;
  const answer = await fetch(once, { ...init, redirect: 'manual' });
  if (answer.status !== 307 && answer.status !== 308) return answer;
  await answer.body?.cancel();
  return fetch(input, init);
}
