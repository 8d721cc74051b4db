import type { Kind } from '../../../domain/request.ts';
import type { PublishedModel } from '../../port.ts';

export interface PublishedModelRow {
  readonly dialect: string;
  readonly id: string;
  readonly account_id: string;
  readonly name: string;
  readonly kind: Kind;
  readonly base: string;
  readonly route_provider: string;
  readonly route_model: string;
  readonly created_at: number;
}

export function toPublishedModel(row: PublishedModelRow): PublishedModel {
  return {
    dialect: row.dialect,
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    kind: row.kind,
    base: row.base,
    route: { provider: row.route_provider, model: row.route_model },
    createdAt: row.created_at,
  };
}
