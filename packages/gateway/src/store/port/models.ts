import type { Kind } from '../../domain/generation.ts';
import type { Price } from '../../domain/pricing.ts';

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
