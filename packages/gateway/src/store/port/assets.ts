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
  /** Lower-case hex. Also the strong ETag. */
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
  /**
   * The assets of several generations in one read, each in the order of its outputs. Generations without assets are missing from the map.
   */
  assetsOfMany(generationIds: readonly string[]): Promise<ReadonlyMap<string, readonly Asset[]>>;
  /** Removes the rows of expired assets and returns the names of their blobs. */
  removeExpiredAssets(now: number, limit: number): Promise<readonly string[]>;
  /** Which of these blobs are still named by an asset. The sweep deletes the others. */
  knownBlobs(blobs: readonly string[]): Promise<readonly string[]>;
}
