import type { Generation, Mode, Status } from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import type { Kind } from '../../domain/request.ts';
import type { NumberedPage, Page } from './page.ts';

export interface GenerationFilter {
  readonly accountId: string;
  /** One dialect, or several merged into one list. */
  readonly dialect: string | readonly string[];
  readonly mode: Mode;
  readonly status?: Status;
  readonly model?: string;
}

/** A numbered page, for contracts with page numbers. A deep page costs as much as the rows that it skips. */
export interface NumberedFilter extends Omit<GenerationFilter, 'status' | 'dialect'> {
  readonly dialect: string;
  readonly statuses?: readonly Status[];
  /** Creation time; both ends are included. */
  readonly from?: number;
  readonly to?: number;
  /** true: only inline work; false: only jobs; undefined: both. */
  readonly inline?: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface UsageFilter {
  readonly accountId: string;
  /** Undefined: all dialects. */
  readonly dialect?: string;
  readonly mode: Mode;
  /** Creation time; `to` is excluded. */
  readonly from: number;
  readonly to: number;
}

/** What an account used of one model in a period. */
export interface ModelUsage {
  readonly dialect: string;
  readonly model: string;
  readonly kind: Kind;
  readonly requests: number;
  /** Ended as `failed`. */
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly images: number;
  readonly seconds: number;
  readonly characters: number;
  readonly charged: Micros;
}

/** Milliseconds from creation to end, of the generations that ended in a period; zeros if there are none. */
export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Reading generations, whatever their state, and deleting them. */
export interface GenerationStore {
  generation(id: string): Promise<Generation | undefined>;
  generations(filter: GenerationFilter, limit: number, cursor?: string): Promise<Page<Generation>>;
  generationsByNumber(filter: NumberedFilter): Promise<NumberedPage<Generation>>;
  /** Marks an ended generation as deleted, removes its assets and returns the names of their blobs. Undefined: it has not ended. */
  deleteGeneration(id: string, now: number): Promise<readonly string[] | undefined>;
  usage(
    filter: UsageFilter,
  ): Promise<{ readonly models: readonly ModelUsage[]; readonly latencies: Latencies }>;
}
