import type { JsonObject } from '../../domain/json.ts';
import { timeOf } from '../../http/time-of.ts';
import { invalid, textIn } from './list-query.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS = 30;
/** Limited, because the report walks everything in the period. */
const MAX_DAYS = 366;

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * `from` (included) and `to` (excluded), as RFC 3339 times or as days; default: the last 30 days. @throws GenlockError `invalid_parameter`
 */
export function readPeriod(query: JsonObject, now: number): { readonly from: number; readonly to: number } {
  const to = readTime(query, 'to') ?? now + 1;
  const from = readTime(query, 'from') ?? to - DEFAULT_DAYS * DAY_MS;
  if (from >= to) throw invalid('from', 'must be before to');
  if (to - from > MAX_DAYS * DAY_MS) throw invalid('from', `must be at most ${MAX_DAYS} days before to`);
  return { from, to };
}

function readTime(query: JsonObject, name: 'from' | 'to'): number | undefined {
  const text = textIn(query, name);
  if (text === undefined) return undefined;
  const time = TIME.test(text) ? timeOf(text) : Number.NaN;
  if (Number.isNaN(time)) throw invalid(name, 'must be a time such as 2025-06-01T00:00:00Z, or a day');
  return time;
}
