import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../packages/gateway/src/config/load.ts';
import { dialectModules } from '../packages/gateway/src/dialects/index.ts';
import { configDefaults } from '../packages/gateway/src/server/config-source.ts';
import { CONFIG_PAGE, configPage } from '../scripts/print-config.ts';
import { ERRORS_PAGE, errorsPage } from '../scripts/print-errors.ts';
import { printedSchema, SCHEMA_FILE } from '../scripts/print-schema.ts';

const example = fileURLToPath(new URL('./genlock.yaml', import.meta.url));

it('errors.md is what the catalogues say', async () => {
  expect(await readFile(ERRORS_PAGE, 'utf8'), 'stale: run "npx node scripts/print-errors.ts"').toBe(
    errorsPage(),
  );
});

it('configuration.md is what the schema says', async () => {
  expect(await readFile(CONFIG_PAGE, 'utf8'), 'stale: run "npx node scripts/print-config.ts"').toBe(
    configPage(),
  );
});

it('genlock.schema.json is what the loader takes', async () => {
  const kept = JSON.parse(await readFile(SCHEMA_FILE, 'utf8'));
  expect(kept, 'stale: run "npx node scripts/print-schema.ts"').toEqual(printedSchema());
});

it('genlock.yaml is taken by the loader, and by an editor with the schema', async () => {
  const text = await readFile(example, 'utf8');
  const config = loadConfig(text, example, configDefaults(dialectModules, false), {});
  expect(config.hosts.get('kiara.example.com')).toEqual({ dialect: 'kiara' });
  const ajv = new Ajv({ strict: false });
  const schema = JSON.parse(await readFile(SCHEMA_FILE, 'utf8'));
  expect(ajv.validate(schema, parse(text)), ajv.errorsText()).toBe(true);
});

it('genlock.yaml shows the defaults where it does not say otherwise', async () => {
  const defaults = configDefaults(dialectModules, false);
  const shown = loadConfig(await readFile(example, 'utf8'), example, defaults, {});
  const plain = loadConfig('', 'empty.yaml', defaults, {});
  const { packs: _, host: __, ...settings } = shown.dialects.kiara ?? {};
  expect(plain.dialects.kiara).toMatchObject(settings);
  for (const part of ['limits', 'retries', 'routeHealth', 'worker', 'deadlines', 'log'] as const)
    expect(shown[part]).toEqual(plain[part]);
});
