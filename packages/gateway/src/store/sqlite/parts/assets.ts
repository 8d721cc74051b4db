import type { AssetStore } from '../../port.ts';
import { asset, assetsOf, assetsOfMany, knownBlobs } from '../reads/assets.ts';
import type { StoreFile } from '../store-file.ts';

export function assetStore(file: StoreFile): AssetStore {
  return {
    createAsset: (asset) => file.write('createAsset', asset),
    asset: (id) => file.read((db) => asset(db, id)),
    assetsOf: (generationId) => file.read((db) => assetsOf(db, generationId)),
    assetsOfMany: (generationIds) => file.read((db) => assetsOfMany(db, generationIds)),
    removeExpiredAssets: (now, limit) => file.write('removeExpiredAssets', { now, limit }),
    knownBlobs: (blobs) => file.read((db) => knownBlobs(db, blobs)),
  };
}
