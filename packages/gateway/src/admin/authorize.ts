import { hash, timingSafeEqual } from 'node:crypto';

/** Whatever the operator chose as a token, so long as a header can carry it. */
const BEARER = /^bearer +(\S.*)$/i;

/**
 * A check of the `Authorization` header against the admin token. Digests are compared, so that the time tells nothing of the
 * token, its length included.
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
