import type { Core } from '../core.ts';
import type { Model } from './model.ts';

/**
 * A model of the dialect, or one that a generation of this account trained. A trained model runs by the rules and the price of its base
 * model.
 */
export async function findModel(
  core: Core,
  dialect: string,
  id: string,
  accountId: string,
): Promise<Model | undefined> {
  const shipped = core.models.find(dialect, id);
  if (shipped !== undefined) return shipped;
  const published = await core.store.publishedModel(dialect, id);
  if (published === undefined || published.accountId !== accountId) return undefined;
  const base = core.models.find(dialect, published.base);
  return base && { ...base, id, routes: [published.route] };
}
