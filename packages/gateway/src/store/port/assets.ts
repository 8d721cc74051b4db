import type { Mode } from '../../domain/generation.ts';

export interface Asset {
  readonly id: string;
  readonly accountId: string;
  readonly dialect: string;
  readonly mode: Mode;
  /** The generation that produced it; null for an upload. */
  readonly generationId: string | null;
  /** Position among the outputs of its generation, from 0. */
  readonly index: number;
  readonly contentType: string;
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly durationSeconds: number | null;
  readonly fps: number | null;
  readonly hasSound: boolean | null;
  /** Lower-case hex; the strong ETag. */
  readonly sha256: string;
  /** Where the bytes are in the blob store. */
  readonly blob: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface AssetStore {
  createAsset(asset: Asset): Promise<void>;
  asset(id: string): Promise<Asset | undefined>;
  assetsOf(generationId: string): Promise<readonly Asset[]>;
  /** The same of a page of generations in one read, in the order of each; who has none is not in it. */
  assetsOfMany(generationIds: readonly string[]): Promise<ReadonlyMap<string, readonly Asset[]>>;
  /** Removes the rows of expired assets and tells which blobs they had. */
  removeExpiredAssets(now: number, limit: number): Promise<readonly string[]>;
  /** Which of these blobs some asset still names (sweep of orphans). */
  knownBlobs(blobs: readonly string[]): Promise<readonly string[]>;
}
