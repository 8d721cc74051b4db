export {
  createSkytellsClient,
  SKYTELLS_URL,
  type SkytellsClient,
  type SkytellsModelQuery,
} from './client.ts';
export type { SkytellsListQuery, SkytellsPredictions } from './predictions.ts';
export type * from './types.ts';
