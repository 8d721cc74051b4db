import type { GenerationStore } from '../../port.ts';
import { generation } from '../reads/generations.ts';
import { generations } from '../reads/lists.ts';
import type { StoreFile } from '../store-file.ts';

export function generationStore(file: StoreFile): GenerationStore {
  return {
    generation: (id) => file.read((db) => generation(db, id)),
    generations: (filter, limit, cursor) => file.read((db) => generations(db, filter, limit, cursor)),
    generationsByNumber: (filter) => file.customerReports.run('generationsByNumber', filter),
    deleteGeneration: (id, now) => file.write('deleteGeneration', { id, now }),
    usage: (filter) => file.customerReports.run('usage', filter),
  };
}
