import type { Price } from '../../domain/pricing.ts';
import type { Kind } from '../../domain/request.ts';

export type RouteRef = { readonly provider: string; readonly model: string };

/** A route of a model, with its weight and its cost to the operator. */
export interface Route extends RouteRef {
  /** Its share of first tries in relation to the weights of the other routes. If no route has a weight, routes are tried in order. */
  readonly weight?: number;
  /** The provider's price for a call. */
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
 * New values of some fields. `null` resets a field to the configuration. Exception: in `inputField` null is a value ("the model has none"),
 * so that field is only reset together with all the others.
 */
export type ModelChanges = {
  readonly [field in Exclude<keyof ModelPatch, 'inputField'>]?: ModelPatch[field] | null;
} & { readonly inputField?: string | null };

export interface ModelOverride {
  readonly dialect: string;
  readonly model: string;
  readonly patch: ModelPatch;
}

/** A model that a generation made. Only its account sees it. */
export interface PublishedModel {
  readonly dialect: string;
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly kind: Kind;
  /** The model of the dialect that it was trained from, whose price and rules apply. */
  readonly base: string;
  readonly route: RouteRef;
  readonly createdAt: number;
}

/** Changes of models, and the models that generations made. */
export interface ModelStore {
  modelOverrides(): Promise<readonly ModelOverride[]>;
  /**
   * Merges changes into the override of one model; null removes the override. Returns the new override. If `onlyIf` is given and does not
   * match the routes of the override, nothing is changed and the result is undefined: a new list of routes made from an outdated one would
   * undo what others changed meanwhile.
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
