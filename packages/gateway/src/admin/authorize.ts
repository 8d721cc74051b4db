import { hash, timingSafeEqual } from 'node:crypto';
import { GenlockError } from '../domain/error.ts';

/** Whatever the operator chose as a token, so long as a header can carry it. */
const BEARER = /^bearer +(\S.*)$/i;

/**
 * A check of the `Authorization` header against the admin token. Digests are compared, so that the time tells nothing of the
 * token, its length included.
 */
export function createAuthorizer(token: string): (header: string | undefined) => void {
  const expected = digest(token);
  return (header) => {
    const given = header === undefined ? undefined : BEARER.exec(header)?.[1];
    if (given === undefined || !timingSafeEqual(digest(given), expected))
      throw new GenlockError('unauthenticated', 'The admin token is missing or wrong.');
  };
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
