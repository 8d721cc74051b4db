/** What the sandbox can make. A job is plain data, so that it can be cloned to a worker thread. */

export type ImageJob = {
  kind: 'image';
  prompt: string;
  seed: number;
  width: number;
  height: number;
  format: 'jpeg' | 'png' | 'webp';
  /** Encoded input images (JPEG, PNG, WebP). The first is edited, the others are shown in it. */
  sources: Uint8Array[];
};

export type VideoJob = {
  kind: 'video';
  prompt: string;
  seed: number;
  /** H.264 with 4:2:0 colour needs even sizes, so odd ones are rounded up. */
  width: number;
  height: number;
  durationSeconds: number;
  /** By default a rate is chosen that divides the duration exactly and keeps the clip cheap to encode. */
  fps?: number;
  sound: boolean;
  /** An encoded image; cut to fit, it becomes the first frame. */
  startImage?: Uint8Array;
};

export type SpeechJob = {
  kind: 'speech';
  text: string;
  format: 'wav' | 'mp3';
  /** In Hz; default: the engine's own. */
  sampleRate?: number;
  /** For MP3, in bits per second. */
  bitRate?: number;
  voice?: string;
  language?: string;
  rate?: number;
};

export type MediaJob = ImageJob | VideoJob | SpeechJob;

export type MediaResult = {
  bytes: Uint8Array;
  contentType: string;
  width?: number;
  height?: number;
  durationSeconds?: number;
  fps?: number;
  hasSound?: boolean;
};
