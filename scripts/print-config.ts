import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { genlockSchema } from '../packages/gateway/src/config/schema.ts';
import { providerSettings } from '../packages/gateway/src/providers/index.ts';

/** The generated page. `npx node scripts/print-config.ts` writes it, and a test fails while it is out of date. */
export const CONFIG_PAGE = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

interface Schema {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

const INTRO = `# Configuration

<!-- Written by scripts/print-config.ts from packages/gateway/src/config/schema.ts. Do not edit. -->

This page lists all settings of \`genlock.yaml\`. Every setting has a default. [genlock.yaml](genlock.yaml) is a commented example that shows
the defaults, and [operating.md](operating.md#configuration) says how the file is read. \`<name>\` stands for a name that you choose, and \`[]\`
for each entry of a list.
`;

/** The settings as a Markdown page with a section for each part of the file. */
export function configPage(): string {
  const { properties = {} } = plain(genlockSchema);
  return (
    INTRO +
    Object.entries(properties)
      .map(([name, schema]) => section(name, schema))
      .join('') +
    [...providerSettings()].map(([type, schema]) => providerSection(type, plain(schema))).join('')
  );
}

function providerSection(type: string, { properties = {}, ...schema }: Schema): string {
  if (Object.keys(properties).length === 0) return '';
  return section('providers.<name>', { ...schema, properties }, `providers of type ${type}`);
}

function plain(schema: object): Schema {
  return JSON.parse(JSON.stringify(schema));
}

function section(name: string, schema: Schema, title = name): string {
  const rows = [...settings(name, { ...schema, description: '' })].map(
    ([path, { description = '', examples = [] }]) =>
      `| \`${path}\` | ${description.replaceAll('|', '\\|')} | ${examples.slice(0, 1).map(example).join('')} |\n`,
  );
  return `\n## ${title}\n\n${schema.description ?? ''}\n\n| setting | meaning | example |\n|---|---|---|\n${rows.join('')}`;
}

/**
 * Every value that can be written, with its path. A map or list has no row of its own, only its entries have, so their rows include the
 * container's description.
 */
function* settings(path: string, schema: Schema, container = ''): Generator<[string, Schema]> {
  const { properties = {}, patternProperties = {}, additionalProperties, items } = schema;
  const named = Object.entries(properties);
  const free = [...Object.values(patternProperties), additionalProperties].filter(
    (inner) => typeof inner === 'object',
  );
  const description = [container, schema.description ?? ''].filter((text) => text !== '').join(' ');
  const hasRow =
    schema.examples !== undefined || (named.length === 0 && free.length === 0 && items === undefined);
  if (hasRow && description !== '') yield [path, { ...schema, description }];
  for (const [name, inner] of named) yield* settings(`${path}.${name}`, inner);
  const inherited = hasRow || named.length > 0 ? '' : description;
  for (const inner of free) yield* settings(`${path}.<name>`, inner, inherited);
  if (items !== undefined) yield* settings(`${path}[]`, items, inherited);
}

function example(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

if (import.meta.main) writeFileSync(CONFIG_PAGE, configPage());
