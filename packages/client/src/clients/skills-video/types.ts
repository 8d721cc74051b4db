import type { SkillsVideoErrorCode } from '@genlock/contracts';

/* The wire objects of the skills.video API. */

/** A public URL, or the file itself, in which case the order is sent as a form. */
export type SkillsVideoFile = string | Blob;

interface Common {
  prompt: string;
  /** 1 to 4. */
  n?: number;
  seed?: number | null;
  negative_prompt?: string | null;
}

/** The inputs of models with published fields. A model that is not listed here takes any input, which the server checks. */
export interface SkillsVideoInputOf {
  'google/veo-3.1': Common & {
    mode?: 'text-image' | 'reference' | 'frames';
    reference_image_urls?: readonly SkillsVideoFile[];
    first_frame_url?: SkillsVideoFile;
    last_frame_url?: SkillsVideoFile;
    duration?: number;
    resolution?: '720p' | '1080p';
    aspect_ratio?: '16:9' | '9:16';
    generate_audio?: boolean;
  };
  'kling-ai/v3/video': Common & {
    /** 3 to 15. */
    duration?: number;
    generate_audio?: boolean;
    quality?: 'standard' | 'pro';
    image_url?: SkillsVideoFile;
    first_frame_url?: SkillsVideoFile;
    last_frame_url?: SkillsVideoFile;
    aspect_ratio?: '16:9' | '9:16' | '1:1';
  };
  'bytedance/seedream-5-lite': Common & {
    image_urls?: readonly SkillsVideoFile[];
    resolution?: '1K' | '2K';
    aspect_ratio?: '1:1' | '4:3' | '3:4' | '16:9' | '9:16' | '3:2' | '2:3' | '21:9';
  };
  'google/nano-banana-pro': Common & {
    image_urls?: readonly SkillsVideoFile[];
    aspect_ratio?: string;
    resolution?: string;
  };
}
export type SkillsVideoModelId = keyof SkillsVideoInputOf | (string & {});
export type SkillsVideoInput<M extends string> = M extends keyof SkillsVideoInputOf
  ? SkillsVideoInputOf[M]
  : Readonly<Record<string, unknown>>;

export interface SkillsVideoCredits {
  readonly total: number;
  readonly subscription: number;
  readonly permanent: number;
}

export type SkillsVideoStatus = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'CANCELED';

/** The answer to a create. */
export interface SkillsVideoCreatedTask {
  readonly id: string;
  readonly status: SkillsVideoStatus;
  /** With defaults filled in, and with files as URLs. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly usage: SkillsVideoCredits;
  readonly code?: string;
  readonly message?: string;
}

export interface SkillsVideoResultFile {
  /** Needs no key. */
  readonly url: string;
  readonly file_name: string;
  readonly content_type: string;
  readonly width: number | null;
  readonly height: number | null;
}

export interface SkillsVideoClip extends SkillsVideoResultFile {
  readonly duration: number | null;
}

export interface SkillsVideoAudio {
  readonly url: string;
  readonly content_type: string;
  readonly duration: number | null;
}

/** Narrows by `type`. */
export type SkillsVideoData =
  | {
      readonly type: 'image';
      readonly n: number;
      readonly actual_prompt: string;
      readonly images: readonly SkillsVideoResultFile[];
      readonly image: SkillsVideoResultFile | null;
    }
  | {
      readonly type: 'video';
      readonly n: number;
      readonly actual_prompt: string;
      readonly videos: readonly SkillsVideoClip[];
      readonly video: SkillsVideoClip | null;
    }
  | {
      readonly type: 'audio';
      readonly n: number;
      readonly audio_url: string | null;
      readonly audio: SkillsVideoAudio | null;
    };

interface Told {
  readonly id: string;
  readonly usage: SkillsVideoCredits;
}

interface Unfinished {
  readonly status: 'IN_QUEUE' | 'IN_PROGRESS' | 'CANCELED';
  readonly data: null;
}
interface Completed {
  readonly status: 'COMPLETED';
  readonly data: SkillsVideoData;
}
interface Failed {
  readonly status: 'FAILED';
  readonly data: null;
  readonly code: SkillsVideoErrorCode | (string & {});
  readonly message: string;
}

/** An event of a stream. Narrows by `status`. */
export type SkillsVideoTaskEvent = Told & (Unfinished | Completed | Failed);

interface Asked {
  readonly input: Readonly<Record<string, unknown>>;
}
export type SkillsVideoCompletedTask = Told & Asked & Completed;
/** Narrows by `status`. */
export type SkillsVideoTask = Told & Asked & (Unfinished | Completed | Failed);

/** The model by `modelId`, else by `provider` and `model`, else by `endpoint`. */
export interface SkillsVideoSpeechOrder {
  modelId?: string;
  provider?: string;
  model?: string;
  endpoint?: string;
  input: Readonly<Record<string, unknown>> & { readonly text: string };
}

export interface SkillsVideoSpeech {
  readonly success: true;
  readonly data: {
    readonly provider: string;
    readonly model: string;
    readonly modelId: string;
    readonly endpoint: string;
    readonly audio_url: string | null;
    readonly audio: SkillsVideoAudio | null;
    readonly output: { readonly audio_url: string | null };
    readonly logs: unknown;
    readonly metrics: unknown;
  };
}

export interface SkillsVideoModel {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly type: 'image' | 'video' | 'tts';
}
