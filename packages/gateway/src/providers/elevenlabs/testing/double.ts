import { renderSpeech } from '../../sandbox/speech/speech.ts';
import { type Act, type HttpDouble, type Seen, startHttpDouble } from '../../upstream/testing/http-double.ts';

export const KEY = 'xi-double-0123456789abcdef';
/** The double's only voice. */
export const VOICE = 'JBFqnCBsd6RMkjVDRZzb';
const WAV_HEADER_BYTES = 44;

/** A server on loopback that speaks ElevenLabs' API, with a voice of our own. */
export function startElevenLabsDouble(): Promise<HttpDouble> {
  return startHttpDouble(answer);
}

async function answer({ path, query, headers, json }: Seen): Promise<Act> {
  if (headers['xi-api-key'] !== KEY)
    return {
      status: 401,
      body: { detail: { status: 'invalid_api_key', message: `Invalid API key ${headers['xi-api-key']}` } },
    };
  const voice = /^\/v1\/text-to-speech\/([^/]+)$/.exec(path)?.[1];
  if (voice !== undefined && voice !== VOICE)
    return {
      status: 404,
      body: { detail: { status: 'voice_not_found', message: `A voice with id ${voice} was not found.` } },
    };
  if (voice === undefined && path !== '/v1/music' && path !== '/v1/sound-generation')
    return { status: 404, body: { detail: 'Not Found' } };
  const text: string = json.text ?? json.prompt;
  const [codec = ''] = (query.get('output_format') ?? 'mp3_44100_128').split('_');
  const { bytes } = await renderSpeech({ kind: 'speech', text, format: codec === 'mp3' ? 'mp3' : 'wav' });
  return {
    headers: {
      'content-type': codec === 'mp3' ? 'audio/mpeg' : codec === 'wav' ? 'audio/wav' : 'audio/pcm',
      'character-cost': String(text.length),
    },
    body: codec === 'pcm' ? bytes.subarray(WAV_HEADER_BYTES) : bytes,
  };
}
