import { type LoadedSecret, loadOrCreateSecret } from '../secrets/secret-file.ts';

/** Other characters arrive differently from different clients, or not at all. */
const SENDABLE = /^[\x20-\x7e]+$/;

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
  if (!SENDABLE.test(value))
    throw new RangeError(
      'GENLOCK_ADMIN_TOKEN cannot be sent in a header: it must have at least one character, and only those of ASCII that can be printed',
    );
  return { value, created: false };
}
