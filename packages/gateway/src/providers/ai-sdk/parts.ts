import type { ProviderCall } from '../port.ts';
import { countsOf } from '../upstream/counts.ts';
import { lostAmong } from '../upstream/lost-calls.ts';
import { told } from './told.ts';

type Most =
  | number
  | undefined
  | ((options: { modelId: string }) => PromiseLike<number | undefined> | number | undefined);

/** How many results one call may ask for; 1 if the model does not say. */
export async function mostOf(most: Most, modelId: string): Promise<number> {
  return (typeof most === 'function' ? await most({ modelId }) : most) ?? 1;
}

/** The results of several calls, and whether one of the calls was lost. */
export interface Parts<Made> {
  readonly made: readonly Made[];
  readonly lost: ReturnType<typeof lostAmong>;
}

/** Makes calls one after the other. What was made is delivered even if a later call fails. */
export async function inParts<Made>(
  call: ProviderCall,
  count: number,
  most: number,
  make: (n: number) => Promise<readonly Made[]>,
): Promise<Parts<Made>> {
  const made: Made[] = [];
  for (const n of countsOf(count, most)) {
    try {
      made.push(...(await told(call, true, () => make(n))));
    } catch (error) {
      if (made.length === 0) throw error;
      return { made, lost: lostAmong([error]) };
    }
  }
  return { made, lost: {} };
}
