import Type from 'typebox';
import { BUCKETS } from '../domain/funds.ts';
import { MODES } from '../domain/generation.ts';
import { type LimitName, PLANS } from '../store/port.ts';

/* The kinds of values in bodies and queries. `format` is checked by validate.ts; closed objects refuse unknown names. */

const MAX_TEXT = 200;
const MAX_LIMIT = 1_000_000_000;
const MAX_LIST = 1000;

export const closed = { additionalProperties: false };
export const optional = Type.Optional;

export function choice<Value extends string>(values: readonly Value[]) {
  return Type.Unsafe<Value>({ type: 'string', enum: [...values] });
}

/** One of the values, or null for the default. */
export function resettable<Value extends string>(values: readonly Value[]) {
  return Type.Unsafe<Value | null>({ type: ['string', 'null'], enum: [...values, null] });
}

function formatted(format: string, example: string) {
  return Type.Unsafe<string>({ type: 'string', format, examples: [example] });
}

export const line = (example: string) =>
  Type.Unsafe<string>({
    type: 'string',
    format: 'line',
    minLength: 1,
    maxLength: MAX_TEXT,
    examples: [example],
  });
/** A list's `next_cursor`. An empty text starts from the beginning, because scripts send it for the first page. */
export const cursor = Type.Unsafe<string>({
  type: 'string',
  format: 'line',
  maxLength: MAX_TEXT,
  examples: ['2s'],
});
export const nullableLine = (example: string) =>
  Type.Unsafe<string | null>({
    type: ['string', 'null'],
    format: 'line',
    minLength: 1,
    maxLength: MAX_TEXT,
    examples: [example],
  });

export const usd = formatted('usd', '25.00');
export const positiveUsd = formatted('positive-usd', '10.00');
export const url = Type.Unsafe<string>({
  type: 'string',
  format: 'line',
  minLength: 1,
  maxLength: 2048,
  examples: ['https://example.com/hooks'],
});

export function list<Item>(items: object) {
  return Type.Unsafe<Item[]>({ type: 'array', items, maxItems: MAX_LIST });
}
export function nullableList<Item>(items: object) {
  return Type.Unsafe<Item[] | null>({ type: ['array', 'null'], items, maxItems: MAX_LIST });
}

export const origin = formatted('origin', 'https://app.example.com');
export const addressBlock = formatted('address-block', '203.0.113.0/24');

export const dialect = line('kiara');
export const mode = choice(MODES);
export const plan = choice(PLANS);
export const bucket = choice(BUCKETS);

const rate = { type: ['integer', 'null'], minimum: 1, maximum: MAX_LIMIT };
/** 0: nothing new may start. */
const places = { type: ['integer', 'null'], minimum: 0, maximum: MAX_LIMIT };

/** New values of some limits. null resets one limit, or all of them, to the default. */
export const limits = Type.Unsafe<{ readonly [name in LimitName]?: number | null } | null>({
  type: ['object', 'null'],
  properties: {
    requests_per_minute: rate,
    reads_per_minute: rate,
    video_requests_per_minute: rate,
    concurrent: places,
    unfinished_jobs: places,
  },
  ...closed,
});
