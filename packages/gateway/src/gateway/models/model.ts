import { GenlockError } from '../../domain/error.ts';
import type { Price } from '../../domain/pricing.ts';
import type { Kind } from '../../domain/request.ts';
import type { Route } from '../../store/port.ts';

/** What callers name in one dialect, with what runs it. */
export interface Model {
  readonly dialect: string;
  readonly id: string;
  readonly kind: Kind;
  readonly status: 'active' | 'paused' | 'inactive';
  readonly billable: boolean;
  /** null: no price was set, so nothing may run on it. */
  readonly price: Price | null;
  /** In the order in which they are tried, unless they have weights. */
  readonly routes: readonly Route[];
  /** The input that holds the source clip, for models priced by its duration. */
  readonly inputField: string | null;
  /** Inputs that only the enterprise plan may use. */
  readonly enterpriseOnly: readonly string[];
  /** Pairs of inputs that exclude each other. */
  readonly exclusive: readonly (readonly [string, string])[];
}

/** A model as a dialect ships it: without rules, and run by the sandbox until the operator gives it routes. */
export function shippedModel(own: Pick<Model, 'dialect' | 'id' | 'kind' | 'price'> & Partial<Model>): Model {
  return {
    status: 'active',
    billable: true,
    routes: [{ provider: 'sandbox', model: own.id }],
    inputField: null,
    enterpriseOnly: [],
    exclusive: [],
    ...own,
  };
}

/** @throws GenlockError `model_paused`, `model_inactive` or `model_not_billable` if nothing may run on it now */
export function assertRunnable(model: Model): asserts model is Model & { readonly price: Price } {
  if (model.status === 'paused') throw new GenlockError('model_paused');
  if (model.status === 'inactive') throw new GenlockError('model_inactive');
  if (!model.billable || model.price === null) throw new GenlockError('model_not_billable');
}
