import { access, chmod, constants, readFile, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSameSecret } from '../../secrets/same-secret.ts';
import { explain } from '../failure.ts';
import { type Finding, fine, note, problem } from './finding.ts';

const SECRETS = [
  ['secret', 'GENLOCK_SECRET'],
  ['admin-token', 'GENLOCK_ADMIN_TOKEN'],
] as const;
const MIB = 1024 * 1024;
/** Below the first limit jobs will soon fail; below the second it is time to act. */
const DISK_FULL = 64 * MIB;
const DISK_LOW = 1024 * MIB;

export async function checkFolder(data: string): Promise<readonly Finding[]> {
  const facts = await stat(data).catch(() => undefined);
  if (facts === undefined) return [];
  if (!facts.isDirectory()) return [problem('data', `${data} is no folder`)];
  const writable = await access(data, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return [problem('data', `${data} cannot be written by this user`)];
  if ((facts.mode & 0o077) === 0) return [fine('data', `${data} is closed to other users`)];
  const message = `${data} can be entered by other users of this machine; "chmod 700" keeps them out`;
  return [note('data', message, () => closeTo(data, 0o700))];
}

export async function checkSecrets(data: string): Promise<readonly Finding[]> {
  const each = await Promise.all(SECRETS.map(([name, variable]) => checkSecret(join(data, name), variable)));
  return [...each, ...(await checkSame(data))];
}

/** A gateway refuses to start with another secret than the one that the folder was made with. */
async function checkSame(data: string): Promise<readonly Finding[]> {
  const [name, variable] = SECRETS[0];
  const file = join(data, name);
  const given = process.env[variable];
  const secret = given ?? (await readFile(file, 'utf8').catch(() => '')).trim();
  const same = secret === '' || (await isSameSecret(data, secret));
  if (same !== false) return [];
  const from = given === undefined ? file : variable;
  return [problem('secrets', `${from} is not the secret that ${data} was made with: restore that one`)];
}

async function checkSecret(file: string, variable: string): Promise<Finding> {
  if (process.env[variable]) return fine('secrets', `${variable} is set`);
  try {
    const { mode } = await stat(file);
    if ((await readFile(file, 'utf8')).trim() === '')
      return problem('secrets', `${file} is empty: restore it`);
    if ((mode & 0o077) === 0) return fine('secrets', `${file} is there, for its owner only`);
    const message = `${file} can be read by other users; "chmod 600" it`;
    return problem('secrets', message, () => closeTo(file, 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      return problem('secrets', `${file} cannot be read: ${explain(error)}`);
    const wanted =
      variable === 'GENLOCK_SECRET' && (await isSameSecret(dirname(file), '')) === false
        ? 'the gateway starts only with the one that the folder was made with'
        : 'the gateway makes one when it starts';
    return note('secrets', `there is no ${file}, and ${variable} is not set here; ${wanted}`);
  }
}

async function closeTo(path: string, mode: number): Promise<string> {
  await chmod(path, mode);
  return `${path} is now closed to other users`;
}

export async function checkDisk(data: string): Promise<readonly Finding[]> {
  const space = await statfs(data).catch(() => undefined);
  if (space === undefined) return [];
  const free = space.bavail * space.bsize;
  const level = free < DISK_FULL ? 'problem' : free < DISK_LOW ? 'note' : 'ok';
  return [{ check: 'disk', level, message: `${Math.floor(free / MIB)} MiB are free` }];
}
