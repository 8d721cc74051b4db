/** What the sandbox can make. A job is plain data, so that it crosses to a worker thread by structured clone. */

export type ImageJob = {
  kind: 'image';
  prompt: string;
  seed: number;
  width: number;
  height: number;
  format: 'jpeg' | 'png' | 'webp';
  /** Encoded input images (JPEG, PNG, WebP); the first is the image to edit, the others are worked into it. */
  sources: Uint8Array[];
};

export type VideoJob = {
  kind: 'video';
  prompt: string;
  seed: number;
  /** H.264 with 4:2:0 colour needs even sizes: an odd size is rounded up to the next even one. */
  width: number;
  height: number;
  durationSeconds: number;
  /** Without it a rate is chosen that divides the duration exactly and keeps the clip cheap to encode. */
  fps?: number;
  sound: boolean;
  /** An encoded image; cover-fitted, it is the first frame. */
  startImage?: Uint8Array;
};

export type SpeechJob = {
  kind: 'speech';
  text: string;
  format: 'wav' | 'mp3';
  /** In Hz; else that of the engine. */
  sampleRate?: number;
  /** Of an MP3, in bits a second. */
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
