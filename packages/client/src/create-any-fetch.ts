import type { Dialect } from './dialect.ts';
import { dialectOf } from './dialects/index.ts';
import type { DialectName } from './error.ts';
import { createFetch as createFetchFor, type Fetch, type FetchOptions } from './fetch/create-fetch.ts';

export interface AnyFetchOptions<D extends DialectName> extends Omit<FetchOptions<D>, 'dialect'> {
  readonly dialect: D | Dialect<D>;
}

/** Like {@link createFetchFor}, but also takes a dialect by name. */
export function createFetch<D extends DialectName>({ dialect, ...options }: AnyFetchOptions<D>): Fetch {
  return createFetchFor({ ...options, dialect: dialectOf(dialect) });
}
