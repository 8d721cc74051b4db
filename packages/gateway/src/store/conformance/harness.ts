import { afterEach } from 'vitest';
import type { Store } from '../port.ts';

export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and opens the same data again. */
  reopen(): Promise<Store>;
  close(): Promise<void>;
}

export type OpenStore = () => Promise<OpenedStore>;

/** Call inside a describe: gives each case empty stores of its own and closes them after it. */
export function freshStores(open: OpenStore): OpenStore {
  const opened: OpenedStore[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });
  return async () => {
    const fresh = await open();
    opened.push(fresh);
    return fresh;
  };
}
