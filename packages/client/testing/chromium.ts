import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * The path of Chromium; undefined if this machine has none, which is only allowed outside CI.
 *
 * @throws Error in CI, which installs it
 */
export async function findChromium(): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const name of NAMES) {
      const file = join(folder, name);
      const found = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return file;
    }
  if (process.env.CI) throw new Error('There is no Chromium here: apt-get install -y chromium');
  return undefined;
}
