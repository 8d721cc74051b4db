import type { BlobStore } from '../assets/port.ts';
import type { Config } from '../config/config.ts';
import type { Limiter } from '../limits/port.ts';
import type { Store } from '../store/port.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Traces } from '../telemetry/traces.ts';
import type { Moderator } from './admission/moderate.ts';
import type { Dialect } from './dialect.ts';
import type { ModelRegistry } from './models/model-registry.ts';
import type { ProviderSet } from './routes/provider-set.ts';
import type { RouteBoard } from './routes/route-board.ts';

/** Facts about one file; those of media were found by decoding it. */
export interface MediaFacts {
  readonly kind: 'image' | 'video' | 'audio' | 'text';
  readonly contentType: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationSeconds?: number;
  readonly fps?: number;
  readonly hasSound?: boolean;
}

/** Seals secrets for the store. `context` says what is sealed; sealed text that was moved to another place does not open. */
export interface SecretBox {
  seal(plain: string, context: string): string;
  open(sealed: string, context: string): string;
}

/** Everything that the use cases work with. They are plain functions over it and keep no state of their own. */
export interface Core {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly limiter: Limiter;
  readonly providers: ProviderSet;
  readonly routeBoard: RouteBoard;
  readonly dialects: ReadonlyMap<string, Dialect>;
  readonly models: ModelRegistry;
  readonly moderator: () => Moderator;
  /** The configuration as it stands now; it may change between two calls. */
  readonly config: () => Config;
  /** Fetches a public URL under the outbound rules. */
  readonly fetchPublic: (
    url: string,
    options: { readonly maxBytes: number; readonly signal?: AbortSignal },
  ) => Promise<Uint8Array>;
  /** Why a URL may not be fetched, as far as its text tells; undefined when nothing speaks against it. */
  readonly checkUrl: (url: string) => string | undefined;
  /** Measures a media file by decoding it; rejects when it is not sound. */
  readonly probe: (bytes: Uint8Array) => Promise<MediaFacts>;
  /** Origin (and path, if any) that links start with, without a dialect's mount and without a trailing slash. */
  readonly publicUrl: () => string;
  /** Seals what must be kept although nobody may read it in the store. */
  readonly secrets: SecretBox;
  /** Signs links that are good without a key. */
  readonly linkSecret: Uint8Array;
  /** Names this process as the holder of leases on what runs inline. */
  readonly instance: string;
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly traces: Traces;
  /** True once the process was told to stop: no new work. */
  readonly draining: () => boolean;
  /** Fires when draining is over: who waits for work that has not ended has to be answered now. */
  readonly stopped: AbortSignal;
}
