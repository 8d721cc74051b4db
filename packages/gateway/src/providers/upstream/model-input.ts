import Type from 'typebox';
import { count } from '../../config/fields.ts';
import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Kind, SourceMedia } from '../../domain/request.ts';
import type { ProviderCall } from '../port.ts';
import { withParameters } from './parameters.ts';
import { fill, placesIn } from './places.ts';
import { isMedia, type MediaRequest, type ModelTraits, VALUE_NAMES, valuesOf } from './request-values.ts';
import { SOURCE_NAMES, sourcesFor, sourceValues } from './source-places.ts';

/*
 * At hosts of many models, each model has its own names for inputs. What a request calls `seconds` one model calls `duration` and the next
 * `num_frames`; the operator's settings can say so.
 */

const input = (of: string) =>
  Type.Record(Type.String(), Type.Unknown(), {
    description: `Names and values of the inputs of ${of}, with placeholders such as \`%prompt%\`. Null leaves an input out.`,
    examples: [{ num_images: '%count%', guidance: 3.5 }],
  });

/** Settings of providers that host many models. `more`: further settings of each model. */
export const modelSettings = <More extends Type.TProperties>(more: More) => ({
  input: Type.Optional(input('all models')),
  models: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object(
        {
          input: Type.Optional(input('the model')),
          seconds: Type.Optional(
            Type.Array(count('A length in seconds.', 5, 1, 3600), {
              description:
                'The lengths of clips that the model accepts. The shortest one that is long enough is ordered.',
              minItems: 1,
              maxItems: 100,
            }),
          ),
          ...more,
        },
        { additionalProperties: false },
      ),
      { description: 'Settings by model, named as in routes.' },
    ),
  ),
});

export interface InputSettings {
  readonly input?: JsonObject;
  readonly models?: Readonly<Record<string, ModelTraits & { readonly input?: JsonObject }>>;
  readonly parameters?: JsonObject;
}

/** The most common names of inputs, by kind of work. */
export type UsualInputs = Readonly<Record<MediaRequest['kind'], JsonObject>>;

/** The inputs of one model: the usual ones, changed by the operator's settings of all models and of this model. */
export function templateFor(
  usual: UsualInputs,
  kind: MediaRequest['kind'],
  model: string,
  { input = {}, models = {} }: InputSettings,
): JsonObject {
  return withParameters({ ...usual[kind], ...input }, ownOf(models, model)?.input);
}

/** The values of a model's inputs for a request. `links`: the upstream's references to the sources. Pure. */
export function modelInput(
  template: JsonObject,
  request: MediaRequest,
  links: ReadonlyMap<SourceMedia, string>,
  traits?: ModelTraits,
): JsonObject {
  const values = { ...valuesOf(request, traits), ...sourceValues(request.sources, links) };
  return (fill(template, values) ?? {}) as JsonObject;
}

/**
 * The inputs of a call. `link` makes its sources available to the upstream.
 *
 * @throws GenlockError `model_misconfigured` for work that no model there does, and for sources without a place
 */
export async function inputFor(
  usual: UsualInputs,
  settings: InputSettings,
  call: ProviderCall,
  link: (bytes: Uint8Array) => Promise<string>,
): Promise<JsonObject> {
  const { request, model } = call;
  if (!isMedia(request)) throw unserved(request.kind);
  const template = templateFor(usual, request.kind, model, settings);
  const sources = sourcesFor(placesIn(template), request.sources);
  const links = await Promise.all(
    sources.map(async (source) => [source, await link(await call.fetchSource(source.url))] as const),
  );
  const traits = ownOf(settings.models ?? {}, model);
  return withParameters(modelInput(template, request, new Map(links), traits), settings.parameters);
}

/** @throws Error that names an unknown place */
export function checkPlaces(template: JsonObject, at: string): void {
  const known: readonly string[] = [...VALUE_NAMES, ...SOURCE_NAMES];
  for (const name of placesIn(template))
    if (!known.includes(name))
      throw new Error(
        `${at}: nothing is called %${name}%; there are ${known.map((one) => `%${one}%`).join(' ')}`,
      );
}

/** @throws Error at start for unknown places in the settings */
export function checkInputs(provider: string, { input = {}, models = {} }: InputSettings): void {
  checkPlaces(input, `providers.${provider}.input`);
  for (const [model, own] of Object.entries(models))
    checkPlaces(own.input ?? {}, `providers.${provider}.models.${model}.input`);
}

export function unserved(kind: Kind): GenlockError {
  return new GenlockError('model_misconfigured', undefined, { raw: `the upstream does no ${kind}` });
}

/** The settings of one model. */
export function ownOf<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
