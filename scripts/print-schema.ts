import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { editorSchema } from '../packages/gateway/src/config/editor-schema.ts';
import { providerSettings } from '../packages/gateway/src/providers/index.ts';

/** The schema file for editors. `npx node scripts/print-schema.ts` writes it, and a test fails while it is out of date. */
export const SCHEMA_FILE = fileURLToPath(new URL('../docs/genlock.schema.json', import.meta.url));

/** What `genlock config schema` prints. */
export function printedSchema(): object {
  return editorSchema(providerSettings());
}

if (import.meta.main) {
  writeFileSync(SCHEMA_FILE, JSON.stringify(printedSchema(), null, 2));
  const biome = fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url));
  execFileSync(biome, ['format', '--write', SCHEMA_FILE], { stdio: 'ignore' });
}
