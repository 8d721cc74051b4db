import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');

it('the Dockerfile copies what npm runs while it installs', async () => {
  const { scripts } = JSON.parse(await read('../package.json'));
  const [, program = ''] = /^node (\S+)$/.exec(scripts.postinstall) ?? [];
  await read(`../${program}`);
  const copied = [...(await read('../deploy/Dockerfile')).matchAll(/^COPY (.+) \S+$/gm)].flatMap(
    ([, from = '']) => from.split(' '),
  );
  expect(copied).toContain(program);
  expect(copied).toContain('package-lock.json');
});
