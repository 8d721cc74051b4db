import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, note } from './finding.ts';

/** A gateway that was killed leaves its address file behind. */
export async function checkLeftovers(data: string): Promise<readonly Finding[]> {
  const pid = await pidIn(data);
  if (pid === undefined || isAlive(pid)) return [];
  const file = join(data, 'gateway.json');
  const message = `${file} tells of a gateway that is gone; the next start writes it anew`;
  return [note('data', message, () => rm(file, { force: true }).then(() => `${file} was removed`))];
}

async function pidIn(data: string): Promise<number | undefined> {
  try {
    const { pid } = JSON.parse(await readFile(join(data, 'gateway.json'), 'utf8')) as { pid?: unknown };
    return Number.isSafeInteger(pid) ? (pid as number) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
