import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { genlockSchema } from '../packages/gateway/src/config/schema.ts';

/** Where editors find the schema. It is written by `npx node scripts/print-schema.ts`, and a test fails while it is stale. */
export const SCHEMA_FILE = fileURLToPath(new URL('../docs/genlock.schema.json', import.meta.url));

/** What `genlock config schema` prints. */
export function editorSchema(): unknown {
  return JSON.parse(JSON.stringify(genlockSchema));
}

if (import.meta.main) {
  writeFileSync(SCHEMA_FILE, JSON.stringify(editorSchema(), null, 2));
  const biome = fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url));
  execFileSync(biome, ['format', '--write', SCHEMA_FILE], { stdio: 'ignore' });
}
