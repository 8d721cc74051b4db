import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

interface Locked {
  readonly link?: boolean;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

/** A gateway has everybody's keys, so whoever can change one of its packages has them too. */
it('installs only what is pinned by its contents, and runs nothing of it while it installs', async () => {
  const { packages } = JSON.parse(await readFile(new URL('../package-lock.json', import.meta.url), 'utf8'));
  const others = Object.entries<Locked>(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && link !== true,
  );
  expect(others.length).toBeGreaterThan(50);
  expect(others.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  expect(others.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
});
