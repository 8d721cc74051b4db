import { bearerToken } from '../http/bearer.ts';
import { type LoadedSecret, loadOrCreateSecret } from '../secrets/secret-file.ts';

/**
 * The token of the admin API: that of the environment, otherwise the one in the data folder, which the first start makes. White space
 * around the former is dropped, because tokens are often read from files that end with a line break, and no header can carry one.
 *
 * @throws RangeError for a token that nobody could send
 */
export async function loadAdminToken(
  dataDir: string,
  { GENLOCK_ADMIN_TOKEN: given }: NodeJS.ProcessEnv,
): Promise<LoadedSecret> {
  if (!given) return loadOrCreateSecret(dataDir, 'admin-token');
  const value = given.trim();
  if (bearerToken(`Bearer ${value}`) === undefined)
    throw new RangeError(
      'GENLOCK_ADMIN_TOKEN cannot be sent as a bearer token: it may have letters, digits and -._~+/ only, with = at the end',
    );
  return { value, created: false };
}
