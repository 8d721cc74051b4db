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
  /** What the contract calls its inputs, with places for what the request says. */
  readonly usual: JsonObject;
  /** What is known of the model, where the operator says nothing of it. */
  readonly traits?: ModelTraits;
  /** What the upstream knows a source by, brought there first where it has to be. */
  readonly link: (source: SourceMedia) => Promise<string>;
}

/** The inputs of a call in the words of a contract, as the operator may have changed them. @throws GenlockError `model_misconfigured` */
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
