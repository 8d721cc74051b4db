import { hash } from 'node:crypto';

/** How an upstream knows a file that was brought to it. */
export interface Uploaded {
  readonly ref: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Files that were brought to an upstream, by what is in them. */
export interface Uploads {
  /** Brings a file, unless it is there. */
  bring(bytes: Uint8Array, upload: () => Promise<Uploaded>): Promise<string>;
}

const MAX_KNOWN = 1_000;
/** Work that names a file may wait for a while before it reads it. */
const SPARE_MS = 60 * 60 * 1000;

/**
 * Remembers uploads for a while. An order that is sent again has to say the same, or its key is refused: so it has to name the same
 * files.
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
