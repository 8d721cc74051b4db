import { AsyncLocalStorage } from 'node:async_hooks';

/** What became of what a package sends while it does one piece of work. */
export interface Sent {
  /** Something that it sent was answered with success: the order may be among it. */
  taken: boolean;
}

const sending = new AsyncLocalStorage<Sent>();

/** Does a piece of work, and watches what is sent for it. */
export function watched<T>(work: (sent: Sent) => Promise<T>): Promise<T> {
  const sent: Sent = { taken: false };
  return sending.run(sent, () => work(sent));
}

/**
 * The `fetch` that packages are made with. One call of a model may be several over HTTP: an order, looks at it, the fetching of its file.
 * What is refused after the order was taken on must not pass for a refusal of the order.
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
 * A redirect to look elsewhere is the answer to an order: if it was followed, what went wrong there would pass for a refusal of the
 * order. One that asks for the same order elsewhere has done nothing, and is left to `fetch`, which knows what may be sent there.
 */
async function send(input: Parameters<typeof fetch>[0], init: RequestInit | undefined): Promise<Response> {
  if (init?.redirect !== undefined) return fetch(input, init);
  const once = input instanceof Request ? input.clone() : input;
  const answer = await fetch(once, { ...init, redirect: 'manual' });
  if (answer.status !== 307 && answer.status !== 308) return answer;
  await answer.body?.cancel();
  return fetch(input, init);
}
