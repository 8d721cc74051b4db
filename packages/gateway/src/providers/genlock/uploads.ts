import { hash } from 'node:crypto';

/** The upstream's reference to an uploaded file. */
export interface Uploaded {
  readonly ref: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Files uploaded to an upstream, by their content. */
export interface Uploads {
  /** Uploads a file unless the upstream still has it. */
  bring(bytes: Uint8Array, upload: () => Promise<Uploaded>): Promise<string>;
}

const MAX_KNOWN = 1_000;
/** An order may wait this long before the upstream reads its files. */
const SPARE_MS = 60 * 60 * 1000;

/**
 * Remembers uploads for some time. An order that is sent again under its key must be identical, or it is refused, so it has to name the
 * same files.
 */
export function openUploads(now: () => number = Date.now): Uploads {
  const known = new Map<string, Uploaded>();
  return {
    async bring(bytes, upload) {
      const digest = hash('sha256', bytes, 'hex');
      const earlier = known.get(digest);
      if (earlier !== undefined && earlier.expiresAt - SPARE_MS > now()) return earlier.ref;
      const uploaded = await upload();
      known.delete(digest);
      known.set(digest, uploaded);
      const [oldest] = known.keys();
      if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
      return uploaded.ref;
    },
  };
}
