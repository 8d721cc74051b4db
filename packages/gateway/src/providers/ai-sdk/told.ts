import type { ProviderCall } from '../port.ts';
import { faultOf } from './failures.ts';
import { watched } from './sending.ts';

/** Makes one call of a model and converts its errors. `paid`: the call may order work. */
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
