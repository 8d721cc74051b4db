import { hash, timingSafeEqual } from 'node:crypto';

/** The operator may choose any token that a header can carry. */
const BEARER = /^bearer +(\S.*)$/i;

/**
 * Checks the `Authorization` header against the admin token. Digests are compared, so that the time of a comparison reveals nothing about
 * the token, not even its length.
 */
export function createAuthorizer(token: string): (header: string | undefined) => boolean {
  const expected = digest(token);
  return (header) => {
    const given = header === undefined ? undefined : BEARER.exec(header)?.[1];
    return given !== undefined && timingSafeEqual(digest(given), expected);
  };
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
