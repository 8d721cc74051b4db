import type { GetimgErrorCode } from '@genlock/contracts';

/* The wire objects of the getimg.ai API v2. */

export interface GetimgImageOrder {
  model: string;
  /** 1 to 4096 characters. */
  prompt: string;
  /** At most 8, as public URLs. */
  images?: readonly { readonly url: string; readonly role?: 'reference_image' }[];
  aspect_ratio?: string;
  resolution?: string;
  output_format?: 'png' | 'jpeg' | 'webp';
}

export interface GetimgVideoOrder {
  model: string;
  prompt: string;
  images?: readonly {
    readonly url: string;
    readonly role: 'reference_image' | 'first_frame' | 'last_frame';
  }[];
  aspect_ratio?: string;
  resolution?: string;
  /** Seconds. */
  duration?: number;
  sound?: boolean;
}

export interface GetimgUsage {
  readonly total_cost: number;
  readonly billable_unit: 'image' | 'video_second';
  readonly unit_price: number;
  readonly quantity: number;
}

export interface GetimgImageFile {
  /** Works without a key until `deletes_at`. */
  readonly url: string;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly mime_type: string;
  readonly deletes_at: string;
}

export interface GetimgVideoFile extends GetimgImageFile {
  readonly duration?: number | null;
  readonly fps?: number | null;
  readonly has_sound?: boolean | null;
}

export interface GetimgImage {
  readonly id: string;
  readonly status: 'completed';
  readonly model: string;
  readonly data: readonly GetimgImageFile[];
  readonly usage: GetimgUsage;
}

export interface GetimgPendingVideo {
  readonly id: string;
  readonly status: 'pending';
}
export interface GetimgCompletedVideo {
  readonly id: string;
  readonly status: 'completed';
  readonly model: string;
  readonly data: readonly GetimgVideoFile[];
  readonly usage?: GetimgUsage;
}
export interface GetimgFailedVideo {
  readonly id: string;
  readonly status: 'failed';
  readonly error: { readonly code: GetimgErrorCode | (string & {}); readonly message: string };
}

/** Narrows by `status`. */
export type GetimgVideo = GetimgPendingVideo | GetimgCompletedVideo | GetimgFailedVideo;

export interface GetimgModel {
  readonly id: string;
  readonly name: string;
  readonly type: 'image' | 'video';
  readonly created_at: string;
}
