import type { SpeechModelV4 } from '@ai-sdk/provider';
import { GenlockError } from '../../domain/error.ts';
import type { SpeechRequest } from '../../domain/request.ts';
import type { Output, PollReply, Provider, ProviderCall, ProviderReply } from '../port.ts';
import type { ProviderTools } from '../provider-type.ts';
import { unserved } from '../upstream/model-input.ts';
import { orderClips, pollClips } from './clips.ts';
import { type LoadedProvider, loadProvider, SPECIFICATION } from './load.ts';
import { pictures } from './pictures.ts';
import { headersOf, modelOf, optionsOf, type Settings } from './settings.ts';
import { told } from './told.ts';

/**
 * Any provider of the Vercel AI SDK, called without the SDK and so without its retries. It has no idempotency keys and no look-up, so a
 * crash during a call leaves an unknown outcome. Only clips of models that support jobs are resumed.
 *
 * @throws Error that says what to do if the package cannot be used
 */
export async function createAiSdk(name: string, settings: Settings, tools: ProviderTools): Promise<Provider> {
  const loaded = await loadProvider(name, settings, tools.folder);
  return {
    name,
    capabilities: { safeToResend: false, lookup: false, cancel: false },
    submit: (call) => told(call, true, () => submit(loaded, settings, tools, call)),
    poll: (upstreamId, call) =>
      told(call, false, async (): Promise<PollReply> => {
        const model = pick(loaded.videoModel, loaded.video, loaded, call);
        return pollClips(model, settings, tools, call, upstreamId);
      }),
  };
}

async function submit(
  loaded: LoadedProvider,
  settings: Settings,
  tools: ProviderTools,
  call: ProviderCall,
): Promise<ProviderReply> {
  const { request } = call;
  switch (request.kind) {
    case 'image': {
      const model = pick(loaded.imageModel, loaded.image, loaded, call);
      return { state: 'finished', ...(await pictures(model, settings, call, request)) };
    }
    case 'speech': {
      const model = pick(loaded.speechModel, loaded.speech, loaded, call);
      return { state: 'finished', outputs: [await speech(model, settings, call, request)] };
    }
    case 'video':
      return orderClips(pick(loaded.videoModel, loaded.video, loaded, call), settings, tools, call, request);
    default:
      throw unserved(request.kind);
  }
}

type ModelOf<Model> = ((id: string) => Model) | undefined;

/** @throws GenlockError `model_misconfigured` for a kind of work that the provider does not do */
function pick<Model extends { readonly specificationVersion: string }>(
  named: ModelOf<Model>,
  short: ModelOf<Model>,
  loaded: LoadedProvider,
  { model, request }: ProviderCall,
): Model {
  const make = named ?? short;
  if (make === undefined) throw unserved(request.kind);
  const made = make.call(loaded, model);
  if (made.specificationVersion === SPECIFICATION) return made;
  throw new GenlockError('model_misconfigured', undefined, {
    raw: `the package has models of specification ${made.specificationVersion}, not ${SPECIFICATION}: install it as @latest`,
  });
}

async function speech(
  model: SpeechModelV4,
  settings: Settings,
  call: ProviderCall,
  { text, voice, language, format }: SpeechRequest,
): Promise<Output> {
  const { audio } = await model.doGenerate({
    ...{ text, outputFormat: format, abortSignal: call.signal, headers: headersOf(call) },
    ...(voice !== undefined && { voice }),
    ...(language !== undefined && { language }),
    providerOptions: optionsOf(settings, modelOf(settings, call.model)),
  });
  return { bytes: typeof audio === 'string' ? Buffer.from(audio, 'base64') : audio, contentType: '' };
}
