import { GenlockError } from '../../domain/error.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import type { Core } from '../../gateway/core.ts';
import { findModel } from '../../gateway/models/find-model.ts';
import type { Model } from '../../gateway/models/model.ts';
import { NAME } from './links.ts';
import { type Capability, type LanguageModel, languageModel } from './models.ts';

export interface UsableModel {
  readonly model: Model;
  readonly facts: LanguageModel;
}

/**
 * The model that a body or path names, if this endpoint may use it. Unknown models, inactive ones, those of another workspace and those not
 * enabled here are all answered in the same way (contract sections 8 and 9).
 *
 * @throws GenlockError `model_not_found`
 */
export async function usableModel(
  core: Core,
  { account }: Caller,
  id: string,
  capability: Capability,
): Promise<UsableModel> {
  const facts = languageModel(id);
  const model = facts?.capabilities.includes(capability)
    ? await findModel(core, NAME, id, account.id)
    : undefined;
  if (facts === undefined || model === undefined || model.status !== 'active')
    throw new GenlockError('model_not_found', 'The model does not exist or cannot be used here.', {
      param: 'model',
    });
  return { model, facts };
}
