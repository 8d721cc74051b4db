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

/** Facts about one file. Those of media were found by decoding it. */
export interface MediaFacts {
  readonly kind: 'image' | 'video' | 'audio' | 'text';
  readonly contentType: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationSeconds?: number;
  readonly fps?: number;
  readonly hasSound?: boolean;
}

/**
 * Seals secrets for the store. `context` says what a secret is for; sealed text that was copied to another place cannot be opened there.
 */
export interface SecretBox {
  seal(plain: string, context: string): string;
  open(sealed: string, context: string): string;
}

/** Everything that the use cases work with. They are plain functions that take it as an argument and keep no state of their own. */
export interface Core {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly limiter: Limiter;
  readonly providers: ProviderSet;
  readonly routeBoard: RouteBoard;
  readonly dialects: ReadonlyMap<string, Dialect>;
  readonly models: ModelRegistry;
  readonly moderator: () => Moderator;
  /** The present configuration; it may change between two calls. */
  readonly config: () => Config;
  /** Fetches a public URL under the outbound rules. */
  readonly fetchPublic: (
    url: string,
    options: { readonly maxBytes: number; readonly signal?: AbortSignal },
  ) => Promise<Uint8Array>;
  /** Checks the text of a URL: why it may not be fetched, or undefined if the text shows no reason. */
  readonly checkUrl: (url: string) => string | undefined;
  /** Measures a media file by decoding it; rejects if the file is damaged. */
  readonly probe: (bytes: Uint8Array) => Promise<MediaFacts>;
  /** What links start with: the origin and perhaps a path, without a dialect's mount and without a trailing slash. */
  readonly publicUrl: () => string;
  /** Seals secrets that must be stored but must not be readable in the store. */
  readonly secrets: SecretBox;
  /** Signs links that work without an API key. */
  readonly linkSecret: Uint8Array;
  /** The name under which this process holds leases on inline work. */
  readonly instance: string;
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly traces: Traces;
  /** True once the process was told to stop: no new work is accepted. */
  readonly draining: () => boolean;
  /** Fires at the end of draining: callers that still wait for work must be answered now. */
  readonly stopped: AbortSignal;
}
