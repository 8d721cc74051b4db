import type { KiaraErrorCode } from '@genlock/contracts';

/* The wire objects of the Kiara API. */

export interface KiaraOrder {
  /** Default: `kiara-image-pro`. */
  product?: KiaraProductId | (string & {});
  /** 1 to 4000 characters. */
  prompt: string;
  negative_prompt?: string;
  aspect?: 'portrait' | 'landscape' | 'square';
  /** 0 to 4294967295; the same seed and prompt give the same image. */
  seed?: number;
  /** HTTPS. */
  webhook_url?: string;
  /** At most 4 KB of JSON, returned unchanged. */
  metadata?: Readonly<Record<string, unknown>>;
  source_image_url?: string;
  second_image_url?: string;
  pose_image_url?: string;
  /** First frame, for image-to-video. */
  start_image_url?: string;
  reference_image_urls?: readonly string[];
  /** 1 to 15. */
  duration_seconds?: number;
  resolution?: '480p' | '720p' | '1080p';
  generate_audio?: boolean;
  image_quality?: '2k' | '4k';
}

export type KiaraProductId =
  | 'kiara-image-pro'
  | 'kiara-vogue'
  | 'kiara-reference'
  | 'kiara-edit'
  | 'kiara-style'
  | 'kiara-dream-fast'
  | 'kiara-dream-fast-image';

export type KiaraMode = 'live' | 'sandbox';

export interface KiaraResult {
  readonly asset_id: string;
  /** Needs the key. */
  readonly url: string;
  readonly content_type: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration_seconds: number | null;
}

interface GenerationFacts {
  readonly id: string;
  readonly object: 'generation';
  readonly product: string;
  readonly mode: KiaraMode;
  readonly created_at: string;
  readonly updated_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly credits: { readonly held: number; readonly charged: number; readonly refunded: number };
  readonly retry_of: string | null;
}

export interface KiaraUnfinishedGeneration extends GenerationFacts {
  readonly status: 'queued' | 'processing';
  readonly result: null;
  readonly error: null;
}
export interface KiaraCompletedGeneration extends GenerationFacts {
  readonly status: 'completed';
  /** null once the result has expired. */
  readonly result: KiaraResult | null;
  readonly error: null;
}
export interface KiaraFailedGeneration extends GenerationFacts {
  readonly status: 'failed';
  readonly result: null;
  readonly error: { readonly code: KiaraErrorCode; readonly message: string; readonly request_id: string };
}
export interface KiaraCanceledGeneration extends GenerationFacts {
  readonly status: 'canceled';
  readonly result: null;
  readonly error: null;
}

/** Narrows by `status`. */
export type KiaraGeneration =
  | KiaraUnfinishedGeneration
  | KiaraCompletedGeneration
  | KiaraFailedGeneration
  | KiaraCanceledGeneration;

export interface KiaraList<T> {
  readonly object: 'list';
  readonly data: readonly T[];
}

export interface KiaraPage<T> extends KiaraList<T> {
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

export interface KiaraUpload {
  readonly id: string;
  readonly object: 'upload';
  /** Use it in any `*_image_url`. */
  readonly url: string;
  readonly content_type: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly created_at: string;
  readonly expires_at: string;
}

export interface KiaraProduct {
  readonly id: string;
  readonly object: 'product';
  readonly name: string;
  readonly kind: 'image' | 'video';
  readonly output: string;
  readonly status: 'active' | 'paused';
  readonly stability: string;
  readonly pricing: {
    readonly unit: string;
    readonly usd: string;
    readonly credits: string;
    readonly multipliers?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  } | null;
  readonly average_seconds: number;
  readonly inputs: readonly {
    readonly name: string;
    readonly type: string;
    readonly required: boolean;
    readonly min?: number;
    readonly max?: number;
    readonly values?: readonly string[];
  }[];
}

export interface KiaraQuote {
  readonly product: string;
  readonly credits: number;
  readonly usd: string;
  readonly max_credits: number;
}

export interface KiaraBalance {
  readonly object: 'balance';
  readonly mode: KiaraMode;
  readonly credits: number;
  readonly held: number;
  /** null with a sandbox key, which never runs out. */
  readonly available: number | null;
  readonly updated_at: string;
}

export interface KiaraPack {
  readonly id: string;
  readonly object: 'pack';
  readonly credits: number;
  readonly usd: string;
}

export interface KiaraTopUp {
  readonly id: string;
  readonly object: 'topup';
  readonly status: 'pending' | 'paid' | 'expired';
  readonly mode: KiaraMode;
  readonly pack: string;
  readonly credits: number;
  readonly usd: string;
  readonly payment: {
    readonly method: string;
    readonly currency: string;
    readonly amount_usd: string;
    readonly address: string;
    readonly expires_at: string;
  };
  readonly created_at: string;
  readonly paid_at: string | null;
}
