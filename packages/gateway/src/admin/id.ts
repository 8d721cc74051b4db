import { GenlockError } from '../domain/error.ts';

export interface ById {
  readonly Params: { readonly id: string };
}

/** Neither our ids nor those of a dialect contain other characters, and what databases cannot store (NUL) never reaches them. */
const ID = /^[\x21-\x7e]{1,200}$/;

/** The id in a path. @throws GenlockError `not_found` for text that cannot be an id */
export function idOf({ id }: ById['Params']): string {
  if (!ID.test(id)) throw new GenlockError('not_found');
  return id;
}
