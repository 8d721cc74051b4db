import { GenlockError } from '../../domain/error.ts';
import { timeOf } from '../../http/time-of.ts';

export interface Period {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * `from` and `to` as ISO dates or times in UTC; a date as `to` includes that day. Default: the current month until now.
 *
 * @throws GenlockError `invalid_parameter`
 */
export function readPeriod({ from, to }: Readonly<Record<string, unknown>>, now: number): Period {
  const today = new Date(now);
  const period = {
    from: from === undefined ? Date.UTC(today.getUTCFullYear(), today.getUTCMonth()) : readDate('from', from),
    to: to === undefined ? now + 1 : readDate('to', to) + (isDate(to) ? DAY_MS : 0),
  };
  if (period.from >= period.to)
    throw new GenlockError('invalid_parameter', 'from must be before to.', { param: 'from' });
  return period;
}

function readDate(param: string, value: unknown): number {
  const ms = typeof value === 'string' && (DATE.test(value) || TIME.test(value)) ? timeOf(value) : Number.NaN;
  if (Number.isNaN(ms))
    throw new GenlockError('invalid_parameter', `${param} must be an ISO date.`, { param });
  return ms;
}

function isDate(value: unknown): value is string {
  return typeof value === 'string' && DATE.test(value);
}
