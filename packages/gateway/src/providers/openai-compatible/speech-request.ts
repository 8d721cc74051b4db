import type { SpeechRequest } from '../../domain/request.ts';
import { withParameters } from '../upstream/parameters.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import type { Settings } from './settings.ts';

/** A voice that all of OpenAI's models have. */
const VOICE = 'alloy';

/** `POST /audio/speech`. The model recognises the language by the text. */
export function speechRequest(model: string, request: SpeechRequest, settings: Settings): UpstreamRequest {
  const { text, voice = settings.voice ?? VOICE, format } = request;
  const known = new Map(Object.entries(settings.voices ?? {}));
  const order = { model, input: text, voice: known.get(voice) ?? voice, response_format: format };
  return { method: 'POST', path: '/audio/speech', json: withParameters(order, settings.parameters) };
}
