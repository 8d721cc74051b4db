import type { ProviderCall } from '../port.ts';
import { faultOf } from './failures.ts';
import { watched } from './sending.ts';

/** One call of a model, with what goes wrong in our words. `paid`: it may order work. */
export function told<T>({ signal }: ProviderCall, paid: boolean, work: () => Promise<T>): Promise<T> {
  return watched(async (sent) => {
    try {
      return await work();
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      throw faultOf(thrown, paid, sent.taken);
    }
  });
}
