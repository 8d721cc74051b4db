import type { TObject } from 'typebox';
import { type ConfigFile, genlockSchema } from './schema.ts';

interface Plain {
  [key: string]: unknown;
  properties?: Record<string, Plain>;
  patternProperties?: Record<string, Plain>;
}

/** The JSON Schema of {@link ConfigFile} for editors, which includes the settings of each provider type. */
export function editorSchema(providerTypes: ReadonlyMap<string, TObject>): object {
  const schema = plain(genlockSchema);
  const part: keyof ConfigFile = 'providers';
  const provider = Object.values(schema.properties?.[part]?.patternProperties ?? {})[0];
  const type = provider?.properties?.type;
  if (provider === undefined || type === undefined) throw new Error('the schema has no providers');
  type.enum = [...providerTypes.keys()];
  provider.allOf = [...providerTypes].map(([name, settings]) => {
    const { properties, ...rest } = plain(settings);
    return {
      if: { properties: { type: { const: name } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { ...rest, properties: { type: {}, ...properties } },
    };
  });
  return schema;
}

function plain(schema: object): Plain {
  return JSON.parse(JSON.stringify(schema));
}
