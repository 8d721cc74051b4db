import type { Generation, Mode, Status } from '../../domain/generation.ts';
import type { Micros } from '../../domain/money.ts';
import type { Kind } from '../../domain/request.ts';
import type { NumberedPage, Page } from './page.ts';

export interface GenerationFilter {
  readonly accountId: string;
  /** One, or several in one list. */
  readonly dialect: string | readonly string[];
  readonly mode: Mode;
  readonly status?: Status;
  readonly model?: string;
}

/** A page by number, for contracts that page so. Deep pages cost what they skip. */
export interface NumberedFilter extends Omit<GenerationFilter, 'status' | 'dialect'> {
  readonly dialect: string;
  readonly statuses?: readonly Status[];
  /** Creation time, both ends inside. */
  readonly from?: number;
  readonly to?: number;
  /** Only what ran while its caller waited, or only jobs; undefined: both. */
  readonly inline?: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface UsageFilter {
  readonly accountId: string;
  /** Undefined: all dialects. */
  readonly dialect?: string;
  readonly mode: Mode;
  /** Creation time, `to` outside. */
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

/** Milliseconds from creation to the end, of what ended in a period; zeros when nothing did. */
export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Generations to be looked at, whatever their state. */
export interface GenerationStore {
  generation(id: string): Promise<Generation | undefined>;
  generations(filter: GenerationFilter, limit: number, cursor?: string): Promise<Page<Generation>>;
  generationsByNumber(filter: NumberedFilter): Promise<NumberedPage<Generation>>;
  /** Marks an ended generation as deleted and removes its assets; the blobs that they had. Undefined: it has not ended. */
  deleteGeneration(id: string, now: number): Promise<readonly string[] | undefined>;
  usage(
    filter: UsageFilter,
  ): Promise<{ readonly models: readonly ModelUsage[]; readonly latencies: Latencies }>;
}
