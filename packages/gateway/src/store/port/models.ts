import type { Kind } from '../../domain/generation.ts';

export type RouteRef = { readonly provider: string; readonly model: string };

export interface ModelPatch {
  readonly status?: 'active' | 'paused' | 'inactive';
  readonly billable?: boolean;
  readonly routes?: readonly RouteRef[];
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
