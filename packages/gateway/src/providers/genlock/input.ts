import type { JsonObject } from '../../domain/json.ts';
import type { SourceMedia } from '../../domain/request.ts';
import type { ProviderCall } from '../port.ts';
import { modelInput, templateFor } from '../upstream/model-input.ts';
import { withParameters } from '../upstream/parameters.ts';
import { placesIn } from '../upstream/places.ts';
import type { MediaRequest, ModelTraits } from '../upstream/request-values.ts';
import { sourcesFor } from '../upstream/source-places.ts';
import type { Settings } from './settings.ts';

export interface InputOptions {
  readonly settings: Settings;
  readonly call: ProviderCall;
  readonly request: MediaRequest;
  /** The contract's names of the inputs, as a template with places for the request's values. */
  readonly usual: JsonObject;
  /** What is known of the model if the operator sets nothing. */
  readonly traits?: ModelTraits;
  /** Returns the upstream's reference to a source, and uploads the source first if necessary. */
  readonly link: (source: SourceMedia) => Promise<string>;
}

/** The inputs of a call in the contract's terms, with the operator's changes. @throws GenlockError `model_misconfigured` */
export async function inputOf({
  settings,
  call,
  request,
  usual,
  traits,
  link,
}: InputOptions): Promise<JsonObject> {
  const { model } = call;
  const template = templateFor({ image: usual, video: usual, speech: usual }, request.kind, model, settings);
  const sources = sourcesFor(placesIn(template), request.sources);
  const links = await Promise.all(sources.map(async (source) => [source, await link(source)] as const));
  const own = settings.models?.[model];
  const known = { ...traits, ...(own?.seconds !== undefined && { seconds: own.seconds }) };
  return withParameters(modelInput(template, request, new Map(links), known), settings.parameters);
}
