import type { Generation, Mode } from '../../domain/generation.ts';
import type { Caller } from './authenticate.ts';

interface Owned {
  readonly accountId: string;
  readonly mode: Mode;
}

/** Whether something is of the caller's account and mode. Whatever is not must be told like what does not exist. */
export function isOwn<Thing extends Owned>(
  { account, key }: Caller,
  thing: Thing | undefined,
): thing is Thing {
  return thing?.accountId === account.id && thing.mode === key.mode;
}

/** The same of a generation in one dialect. One that was deleted is nobody's any more. */
export function isOwnGeneration(
  caller: Caller,
  dialect: string,
  generation: Generation | undefined,
): generation is Generation {
  return isOwn(caller, generation) && generation.dialect === dialect && generation.deletedAt === null;
}
