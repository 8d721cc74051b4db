import type { JsonObject } from '../../domain/json.ts';
import type { SpeechRequest } from '../../domain/request.ts';
import { withParameters } from '../upstream/parameters.ts';
import type { UpstreamRequest } from '../upstream/request.ts';
import type { Settings } from './settings.ts';

const MP3 = 'mp3_44100_128';
/** Included in every plan. */
const PCM = 'pcm_24000';

/** The API's name of the format. */
export function formatOf({ format }: SpeechRequest, { mp3_format, wav_format }: Settings): string {
  return format === 'mp3' ? (mp3_format ?? MP3) : (wav_format ?? PCM);
}

/** Speech, or the work that the model's name says: sound effects or music. */
export function soundRequest(model: string, request: SpeechRequest, settings: Settings): UpstreamRequest {
  const { path, order } = workOf(model, request, settings);
  return {
    method: 'POST',
    path: `${path}?output_format=${formatOf(request, settings)}`,
    json: withParameters(order, settings.parameters),
  };
}

function workOf(
  model: string,
  request: SpeechRequest,
  settings: Settings,
): { readonly path: string; readonly order: JsonObject } {
  const { text, language, seed } = request;
  if (/^music_/.test(model)) return { path: '/v1/music', order: { prompt: text, model_id: model } };
  if (/^eleven_text_to_sound/.test(model))
    return { path: '/v1/sound-generation', order: { text, model_id: model } };
  const language_code = takesLanguage(model) ? codeOf(language) : undefined;
  return {
    path: `/v1/text-to-speech/${encodeURIComponent(voiceOf(request, settings))}`,
    order: {
      text,
      model_id: model,
      ...(language_code !== undefined && { language_code }),
      seed: seed % SEEDS,
    },
  };
}

const SEEDS = 2 ** 32;
const VOICE_ID = /^[A-Za-z0-9]{20}$/;

function voiceOf({ voice }: SpeechRequest, { voices = {}, voice: fallback }: Settings): string {
  if (voice === undefined) return fallback;
  return new Map(Object.entries(voices)).get(voice) ?? (VOICE_ID.test(voice) ? voice : fallback);
}

/** The older models recognise the language by the text and refuse this parameter. */
function takesLanguage(model: string): boolean {
  return !/^eleven_(?:multilingual_v\d|monolingual_v\d|turbo_v2|flash_v2)$/.test(model);
}

/** ISO 639-1 code of a language tag. If the language is given in words, the model has to recognise it by the text. */
function codeOf(language: string | undefined): string | undefined {
  return /^([a-z]{2})(?:[-_].*)?$/i.exec(language ?? '')?.[1]?.toLowerCase();
}
