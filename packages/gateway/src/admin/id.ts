import { GenlockError } from '../domain/error.ts';

export interface ById {
  readonly Params: { readonly id: string };
}

/** No id of ours or of a dialect holds anything else, and what databases choke on (NUL) never reaches them. */
const ID = /^[\x21-\x7e]{1,200}$/;

/** The id in a path. @throws GenlockError `not_found` for what cannot be one */
export function idOf({ id }: ById['Params']): string {
  if (!ID.test(id)) throw new GenlockError('not_found');
  return id;
}
