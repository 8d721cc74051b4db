import { readFileSync } from 'node:fs';

/** Of this program, as its package says: `0.1.0`. */
export function programVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(manifest.version);
}
