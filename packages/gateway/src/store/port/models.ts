import type { Price } from '../../domain/pricing.ts';
import type { Kind } from '../../domain/request.ts';

export type RouteRef = { readonly provider: string; readonly model: string };

/** A route of a model, and what it is to the operator. */
export interface Route extends RouteRef {
  /** Its share of first tries, beside those of the other routes; where no route has one, they are tried in order. */
  readonly weight?: number;
  /** What the provider takes for a call. */
  readonly cost?: Price;
}

export interface ModelPatch {
  readonly status?: 'active' | 'paused' | 'inactive';
  readonly billable?: boolean;
  readonly routes?: readonly Route[];
  readonly inputField?: string | null;
  readonly enterpriseOnly?: readonly string[];
  readonly exclusive?: readonly (readonly [string, string])[];
}

/**
 * New values of some fields. `null` takes a field back to what the configuration says; of the input field, where null is a value of its
 * own ("it has none"), nothing but taking all of them back does.
 */
export type ModelChanges = {
  readonly [field in Exclude<keyof ModelPatch, 'inputField'>]?: ModelPatch[field] | null;
} & { readonly inputField?: string | null };

export interface ModelOverride {
  readonly dialect: string;
  readonly model: string;
  readonly patch: ModelPatch;
}

/** A model that a generation made: only its account sees it. */
export interface PublishedModel {
  readonly dialect: string;
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly kind: Kind;
  /** The model of the dialect that it was made from: its price and rules apply. */
  readonly base: string;
  readonly route: RouteRef;
  readonly createdAt: number;
}

/** What is changed of models, and the models that generations made. */
export interface ModelStore {
  modelOverrides(): Promise<readonly ModelOverride[]>;
  /**
   * Merges changes into the override of one model, of which null takes all back. The override as it then is; undefined, and nothing
   * changed, where its routes are not `onlyIf`: whoever made a new list of the old one would undo what others did meanwhile.
   */
  changeModelOverride(
    dialect: string,
    model: string,
    changes: ModelChanges | null,
    onlyIf?: Pick<ModelPatch, 'routes'>,
  ): Promise<ModelPatch | undefined>;
  publishedModel(dialect: string, id: string): Promise<PublishedModel | undefined>;
  publishedModels(accountId: string, dialect: string): Promise<readonly PublishedModel[]>;
}
