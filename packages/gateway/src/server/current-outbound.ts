import type { Outbound } from '../http/outbound/outbound.ts';

/** Outbound calls under the rules in force. A call that began under earlier rules ends under them, however long it takes. */
export interface CurrentOutbound extends Outbound {
  replace(next: Outbound): void;
}

export function currentOutbound(first: Outbound): CurrentOutbound {
  let current = first;
  /** The number of calls under way in each. */
  const calls = new Map<Outbound, number>();
  const count = (outbound: Outbound, more: 1 | -1): void => {
    const under = (calls.get(outbound) ?? 0) + more;
    if (under > 0) calls.set(outbound, under);
    else calls.delete(outbound);
  };
  return {
    check: (url) => current.check(url),
    async fetch(url, request) {
      const used = current;
      count(used, 1);
      try {
        return await used.fetch(url, request);
      } finally {
        count(used, -1);
      }
    },
    replace(next) {
      const old = current;
      current = next;
      if (!calls.has(old)) void old.close();
    },
    async close() {
      await Promise.all([...new Set([current, ...calls.keys()])].map((one) => one.close()));
    },
  };
}
