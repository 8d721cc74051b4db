import type { ModelStore } from '../../port.ts';
import { modelOverrides, publishedModel, publishedModels } from '../reads/models.ts';
import type { StoreFile } from '../store-file.ts';

export function modelStore(file: StoreFile): ModelStore {
  return {
    modelOverrides: () => file.read(modelOverrides),
    changeModelOverride: (dialect, model, changes, onlyIf) =>
      file.write('changeModelOverride', { dialect, model, changes, onlyIf }),
    publishedModel: (dialect, id) => file.read((db) => publishedModel(db, dialect, id)),
    publishedModels: (accountId, dialect) => file.read((db) => publishedModels(db, accountId, dialect)),
  };
}
