import { GenlockError } from '../../domain/error.ts';
import type { Status } from '../../domain/generation.ts';
import type { Core } from '../../gateway/core.ts';
import { findModel } from './find-model.ts';
import { statusFromWire } from './status.ts';

const DEFAULT_PER_PAGE = 20;
const MAX_PER_PAGE = 50;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface ListQuery {
  readonly page: number;
  readonly perPage: number;
  readonly from?: number;
  readonly to?: number;
  readonly model?: string;
  readonly statuses?: readonly Status[];
}

export type RawQuery = { readonly [name: string]: string | readonly string[] | undefined };

const NAMES = ['page', 'per_page', 'from', 'since', 'to', 'until', 'model', 'status'] as const;
type Name = (typeof NAMES)[number];

/**
 * The query of a list (contract section 4). `since` and `until` are alternative names of `from` and `to`.
 *
 * @throws GenlockError `parameter_conflict`, `invalid_parameter` (with `date_format` or `date_range` as its reason), `model_not_found`
 */
export function readListQuery(core: Core, query: RawQuery): ListQuery {
  const given = readNames(query);
  const page = readNumber(given, 'page', 1, Number.MAX_SAFE_INTEGER) ?? 1;
  const perPage = readNumber(given, 'per_page', 1, MAX_PER_PAGE) ?? DEFAULT_PER_PAGE;
  const from = readDay(given, given.since === undefined ? 'from' : 'since');
  const last = readDay(given, given.until === undefined ? 'to' : 'until');
  if (from !== undefined && last !== undefined && from > last)
    throw new GenlockError('invalid_parameter', 'from must not be after to.', {
      param: 'from',
      reason: 'date_range',
    });
  const status = given.status === undefined ? undefined : statusFromWire(given.status);
  if (given.status !== undefined && status === undefined)
    throw invalid('status', 'must be a status of a prediction');
  return {
    page,
    perPage,
    ...(from !== undefined && { from }),
    // The whole of the last day is included.
    ...(last !== undefined && { to: last + DAY_MS - 1 }),
    ...(given.model !== undefined && { model: findModel(core, given.model).spec.id }),
    ...(status !== undefined && { statuses: [status] }),
  };
}

type Given = { readonly [name in Name]?: string };

function readNames(query: RawQuery): Given {
  const given: { [name in Name]?: string } = {};
  for (const name of NAMES) {
    const value = query[name];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw conflict(name, `${name} must be given once.`);
    given[name] = value;
  }
  for (const [one, other] of [
    ['from', 'since'],
    ['to', 'until'],
  ] as const) {
    if (given[one] !== undefined && given[other] !== undefined)
      throw conflict(other, `${one} and ${other} exclude each other.`);
  }
  return given;
}

function readNumber(given: Given, name: 'page' | 'per_page', min: number, max: number): number | undefined {
  const written = given[name];
  if (written === undefined) return undefined;
  const value = /^\d{1,9}$/.test(written) ? Number(written) : 0;
  if (value < min || value > max)
    throw invalid(
      name,
      max === MAX_PER_PAGE ? `must be an integer from ${min} to ${max}` : 'must be a positive integer',
    );
  return value;
}

/** The first millisecond of a UTC day. Dates that do not exist are refused. */
function readDay(given: Given, name: 'from' | 'since' | 'to' | 'until'): number | undefined {
  const written = given[name];
  if (written === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d$/.test(written) ? Date.parse(`${written}T00:00:00.000Z`) : Number.NaN;
  // Some impossible days, such as 30 February, are parsed as a later day.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== written)
    throw new GenlockError('invalid_parameter', `${name} must be a date of the form YYYY-MM-DD.`, {
      param: name,
      reason: 'date_format',
    });
  return time;
}

function conflict(param: string, message: string): GenlockError {
  return new GenlockError('parameter_conflict', message, { param });
}

function invalid(param: string, words: string): GenlockError {
  return new GenlockError('invalid_parameter', `${param} ${words}.`, { param });
}
