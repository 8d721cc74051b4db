import { STATUSES } from '../../domain/generation.ts';
import type { Schema } from '../../http/reference/api-description.ts';
import { DEFAULT_LIMIT, MAX_LIMIT } from './list-query.ts';

/** The queries of lists, for the reference. list-query.ts parses them. */
const page = {
  limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
  cursor: { type: 'string', description: '`next_cursor` of the page before.' },
};

export const pageQuery: Schema = { type: 'object', properties: page };

export const listQuery: Schema = {
  type: 'object',
  properties: {
    ...page,
    status: { type: 'string', enum: [...STATUSES] },
    model: { type: 'string', description: 'The id of a model.' },
    idempotency_key: {
      type: 'string',
      description:
        'Only what was ordered here under this key, quoted or bare, if anything was; the rest of the query does not count.',
    },
    dialect: { type: 'string', description: 'Only what was ordered in this dialect.' },
  },
};

export const usageQuery: Schema = {
  type: 'object',
  properties: {
    from: { type: 'string', description: 'A time or a day; by default 30 days before `to`.' },
    to: { type: 'string', description: 'A time or a day, itself outside; by default now.' },
  },
};
