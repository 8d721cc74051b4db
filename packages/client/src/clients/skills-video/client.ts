import { skillsVideo } from '../../dialects/skills-video.ts';
import { type DownloadOptions, download } from '../download.ts';
import type { CallOptions, VendorOptions } from '../options.ts';
import { createTransport } from '../transport.ts';
import { type SkillsVideoGenerations, skillsVideoGenerations } from './generations.ts';
import type {
  SkillsVideoCredits,
  SkillsVideoModel,
  SkillsVideoSpeech,
  SkillsVideoSpeechOrder,
} from './types.ts';

/** Every method throws a `GenerationError` of skills.video, or the reason of the signal. The API has no idempotency keys. */
export interface SkillsVideoClient {
  readonly generations: SkillsVideoGenerations;
  readonly speech: {
    /** Answers when the speech is ready. */
    generate(order: SkillsVideoSpeechOrder, options?: CallOptions): Promise<SkillsVideoSpeech>;
  };
  readonly models: { list(options?: CallOptions): Promise<{ readonly data: readonly SkillsVideoModel[] }> };
  /** The remaining credits. */
  credits(options?: CallOptions): Promise<SkillsVideoCredits>;
  /** Downloads a file by its link, without the key. */
  download(
    file: { readonly url: string } | string,
    options?: DownloadOptions,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/** The vendor's own address. At Genlock it is `<gateway>/skills-video/api`. */
export const SKILLS_VIDEO_URL = 'https://open.skills.video/api';

/**
 * A client of skills.video or of whoever serves its contract.
 *
 * @param options `apiKey`; `baseUrl` for anywhere but the vendor's own address
 */
export function createSkillsVideoClient(options: VendorOptions): SkillsVideoClient {
  const auth = { authorization: `Bearer ${options.apiKey}` };
  const transport = createTransport({ baseUrl: SKILLS_VIDEO_URL, ...options, dialect: skillsVideo, auth });
  const { json } = transport;
  return {
    generations: skillsVideoGenerations(transport),
    speech: {
      // The only path that is published without a version (contract section 1).
      generate: (order, call) => json({ ...call, method: 'POST', path: '/ai/tts/generate', json: order }),
    },
    models: { list: (call) => json({ ...call, path: '/v1/models' }) },
    credits: (call) => json({ ...call, path: '/v1/credits' }),
    download: (file, { maxBytes, ...call } = {}) =>
      download(transport, { ...call, path: typeof file === 'string' ? file : file.url }, {}, maxBytes),
  };
}
