import { readFile } from 'node:fs/promises';
import { checkConfig } from '../check-config.ts';
import { explain } from '../failure.ts';
import { type Finding, fine, problem } from './finding.ts';

const OLDEST_NODE = [22, 18] as const;

/** @param named the user named this file, so it must exist */
export async function checkConfiguration(config: string, named: boolean): Promise<readonly Finding[]> {
  let text: string;
  try {
    text = await readFile(config, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !named)
      return [fine('config', `no ${config}: the defaults stand`)];
    return [problem('config', `${config} cannot be read: ${explain(error)}`)];
  }
  const problems = await checkConfig(text, config);
  if (problems === undefined) return [fine('config', `${config} is valid`)];
  return problems.split('\n').map((message) => problem('config', message));
}

export function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const enough = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const message = `Node.js ${process.versions.node}`;
  return enough
    ? fine('node', message)
    : problem('node', `${message}; ${OLDEST_NODE.join('.')} or newer is needed`);
}
