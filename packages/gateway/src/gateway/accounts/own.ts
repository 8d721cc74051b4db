import type { Generation, Mode } from '../../domain/generation.ts';
import type { Caller } from './authenticate.ts';

interface Owned {
  readonly accountId: string;
  readonly mode: Mode;
}

/** Whether something belongs to the caller's account and mode. If not, the answer must be the same as if it did not exist. */
export function isOwn<Thing extends Owned>(
  { account, key }: Caller,
  thing: Thing | undefined,
): thing is Thing {
  return thing?.accountId === account.id && thing.mode === key.mode;
}

/** The same for a generation of one dialect. A deleted one belongs to nobody. */
export function isOwnGeneration(
  caller: Caller,
  dialect: string,
  generation: Generation | undefined,
): generation is Generation {
  return isOwn(caller, generation) && generation.dialect === dialect && generation.deletedAt === null;
}
