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
  const answer = await fetch(input, init);
  const sent = sending.getStore();
  const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
  if (sent !== undefined && answer.ok && method.toUpperCase() !== 'GET') sent.taken = true;
  return answer;
};
