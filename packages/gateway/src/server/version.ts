import { readFileSync } from 'node:fs';

/** The version of this program according to its package: `0.1.0`. */
export function programVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(manifest.version);
}
