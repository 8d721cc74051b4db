import { GenlockError } from './error.ts';
import { divideHalfUp, MAX_AMOUNT, type Micros } from './money.ts';
import type { Kind } from './request.ts';

/** The unit that a model's price is for. */
export type PriceUnit = 'call' | 'image' | 'second' | 'character' | 'token';

/** The units that each kind of work is counted in. In any other unit its count would be zero, and the work would be free. */
export const COUNTED_IN: Readonly<Record<Kind, readonly PriceUnit[]>> = {
  image: ['call', 'image'],
  video: ['call', 'second'],
  speech: ['call', 'character', 'second'],
  text: ['call', 'token'],
  batch: ['call', 'token'],
  training: ['call', 'token'],
};

/**
 * A price multiplier that depends on an option of the request, e.g. `{dimension: 'resolution', values: {'1080p': 1500}}`. Multipliers are
 * in thousandths, to keep the arithmetic in integers. A value that is not listed costs the plain price.
 */
export interface PriceFactor {
  readonly dimension: string;
  readonly values: Readonly<Record<string, number>>;
}

export interface Price {
  readonly unit: PriceUnit;
  /** Price of one unit; for tokens, of a million input tokens. */
  readonly usd: Micros;
  /** Tokens only: price of a million output tokens. */
  readonly outputUsd?: Micros;
  readonly factors?: readonly PriceFactor[];
  /** The result is rounded half up to a multiple of this, e.g. to 10_000 if a dialect's credit is a cent. Default 1. */
  readonly roundTo?: Micros;
  /** Set on the price of a generation: the work that was quoted. The price is then the terms of one sale. */
  readonly quoted?: Usage;
}

/** An amount of work, either ordered (for a quote) or delivered (for a charge). Seconds may be fractions; all else is whole. */
export interface Usage {
  readonly calls?: number;
  readonly images?: number;
  readonly seconds?: number;
  readonly characters?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Values of the dimensions that price factors depend on, e.g. `{resolution: '720p', audio: 'true'}`. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** The delivered share of the work in thousandths, for shortfalls that no unit counts, such as fewer pixels. */
  readonly share?: number;
}

const MILLI = 1000n;
const MILLION = 1_000_000n;

/** The price of an amount of work, exact until a single rounding at the end. */
export function priceOf(price: Price, usage: Usage): Micros {
  const { base, scale } = plainPrice(price, usage);
  let numerator = base;
  let denominator = scale;
  for (const factor of price.factors ?? []) {
    const value = usage.dimensions?.[factor.dimension];
    if (value === undefined) continue;
    numerator *= BigInt(factor.values[value] ?? 1000);
    denominator *= MILLI;
  }
  if (usage.share !== undefined) {
    numerator *= BigInt(usage.share);
    denominator *= MILLI;
  }
  const step = BigInt(price.roundTo ?? 1);
  const amount = divideHalfUp(numerator, denominator * step) * Number(step);
  if (amount > MAX_AMOUNT) throw new RangeError('price out of range');
  return amount;
}

function plainPrice(price: Price, usage: Usage): { base: bigint; scale: bigint } {
  const usd = BigInt(price.usd);
  switch (price.unit) {
    case 'call':
      return { base: usd * BigInt(usage.calls ?? 1), scale: 1n };
    case 'image':
      return { base: usd * BigInt(usage.images ?? 1), scale: 1n };
    case 'second':
      return { base: usd * BigInt(Math.round((usage.seconds ?? 0) * 1000)), scale: MILLI };
    case 'character':
      return { base: usd * BigInt(usage.characters ?? 0), scale: 1n };
    case 'token':
      return {
        base:
          usd * BigInt(usage.inputTokens ?? 0) +
          BigInt(price.outputUsd ?? price.usd) * BigInt(usage.outputTokens ?? 0),
        scale: MILLION,
      };
  }
}

/** The terms of one sale: the present price and the work ordered. Later price changes do not affect them. */
export function termsOf(price: Price, quoted: Usage): Price {
  return { ...price, quoted };
}

/** Whether the work is free by agreement, whatever its price, because it was quoted as no work at all. */
export function isGivenAway({ quoted = {} }: Price): boolean {
  const { dimensions: _, share: __, ...counts } = quoted;
  const counted = Object.values(counts).filter((count) => count !== undefined);
  return counted.length > 0 && counted.every((count) => count === 0);
}

/**
 * Whether the work has been counted in the unit of its price. Calls and images always are, since one call or one image needs no counting.
 */
function isCounted({ unit, quoted = {} }: Price): boolean {
  switch (unit) {
    case 'call':
    case 'image':
      return true;
    case 'second':
      return quoted.seconds !== undefined;
    case 'character':
      return quoted.characters !== undefined;
    case 'token':
      return quoted.inputTokens !== undefined;
  }
}

/**
 * The quote, which is also the hold and the ceiling of the charge.
 *
 * @throws GenlockError `model_not_billable` if the work was not counted in the unit of the price; it must not become free by that
 */
export function quoteFor(terms: Price): Micros {
  if (!isCounted(terms) && !isGivenAway(terms))
    throw new GenlockError('model_not_billable', undefined, {
      raw: `the price is per ${terms.unit}, of which nothing is counted`,
    });
  return priceOf(terms, terms.quoted ?? {});
}

/**
 * The charge for delivered work: its price on the terms of the sale, but never more than the quote. What was not measured counts as
 * ordered.
 */
export function chargeFor(terms: Price, delivered: Usage, quote: Micros): Micros {
  return Math.min(priceOf(terms, { ...terms.quoted, ...delivered }), quote);
}
