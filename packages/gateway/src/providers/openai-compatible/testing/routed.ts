import { M } from '../../../dialects/llmtune/testing.ts';
import { renderImage } from '../../sandbox/media/image.ts';
import { KEY, type OpenAiDouble } from './double.ts';

export const IMAGES = 'POST /v1/images/generations';
export const CHAT = 'POST /v1/chat/completions';
export const SPEECH = 'POST /v1/audio/speech';
export const VIDEOS = 'POST /v1/videos';

/** A picture as Kiara's customers order it. */
export const renderPicture = () =>
  renderImage({ kind: 'image', prompt: 'x', seed: 1, width: 832, height: 1216, format: 'png', sources: [] });

/** Routes every model of a suitable kind to one server. */
export function routedTo({ baseUrl }: OpenAiDouble, more = ''): string {
  const to = (model: string) => `{ routes: [up/${model}] }`;
  return `
providers:
  up: { type: openai-compatible, base_url: ${baseUrl}, api_key: ${KEY}, poll_interval: 20ms${more} }
retries: { base_delay: 1ms, max_delay: 2s }
models:
  kiara/kiara-image-pro: ${to('gpt-image-2')}
  kiara/kiara-reference: ${to('gpt-image-2')}
  getimg/seedream-5-lite: ${to('gpt-image-2')}
  native/genlock/image: ${to('painter')}
  native/genlock/speech: ${to('tts-1')}
  native/genlock/video: ${to('wan')}
  native/genlock/text: ${to('talker')}
  skills-video/luma/ray-2-flash: ${to('wan')}
  skills-video/minimax-tts/speech-02-hd: ${to('tts-1')}
  skytells/deepbrain-router: ${to('talker')}
  skytells/skytells-embed-3-large: ${to('vectors')}
  llmtune/${M}: ${to('talker')}
`;
}
