import { GenlockError } from './error.ts';
import { divideHalfUp, MAX_AMOUNT, type Micros } from './money.ts';
import type { Kind } from './request.ts';

/** What a unit of work is for a model. */
export type PriceUnit = 'call' | 'image' | 'second' | 'character' | 'token';

/** The units that work of a kind is counted in. In any other there would be none of it, and it would be free. */
export const COUNTED_IN: Readonly<Record<Kind, readonly PriceUnit[]>> = {
  image: ['call', 'image'],
  video: ['call', 'second'],
  speech: ['call', 'character', 'second'],
  text: ['call', 'token'],
  batch: ['call', 'token'],
  training: ['call', 'token'],
};

/**
 * A price multiplier that depends on how the work is asked for, e.g. `{dimension: 'resolution', values: {'1080p': 1500}}`:
 * in thousandths, so that arithmetic stays whole. A value that is not listed costs the plain price.
 */
export interface PriceFactor {
  readonly dimension: string;
  readonly values: Readonly<Record<string, number>>;
}

export interface Price {
  readonly unit: PriceUnit;
  /** Per unit; for tokens per million input tokens. */
  readonly usd: Micros;
  /** Tokens only: per million output tokens. */
  readonly outputUsd?: Micros;
  readonly factors?: readonly PriceFactor[];
  /** The result is rounded half up to a multiple of this, e.g. 10_000 where a dialect's credit is a cent. Default 1. */
  readonly roundTo?: Micros;
  /** On a generation: the work that was quoted. Makes a price the terms of one sale. */
  readonly quoted?: Usage;
}

/** How much work: asked for (a quote) or delivered (a charge). Seconds may have fractions; all else is whole. */
export interface Usage {
  readonly calls?: number;
  readonly images?: number;
  readonly seconds?: number;
  readonly characters?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Values of the dimensions that factors look at, e.g. `{resolution: '720p', audio: 'true'}`. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Part of the work that was delivered, in thousandths, where files show less than was sold in a way that no unit counts: fewer pixels. */
  readonly share?: number;
}

const MILLI = 1000n;
const MILLION = 1_000_000n;

/** The price of some work in micro-dollars, exact until one final rounding. */
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

/** The terms of one sale: today's price with what was asked for. A later change of price does not reach them. */
export function termsOf(price: Price, quoted: Usage): Price {
  return { ...price, quoted };
}

/** Whether it was agreed that the work costs its caller nothing, whatever its price: it was quoted as no work at all. */
export function isGivenAway({ quoted = {} }: Price): boolean {
  const { dimensions: _, share: __, ...counts } = quoted;
  const counted = Object.values(counts).filter((count) => count !== undefined);
  return counted.length > 0 && counted.every((count) => count === 0);
}

/** Whether anybody has counted how much of the unit of the price the work is. One call and one image is what nobody counts. */
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
 * The quote, which is the hold, which is the ceiling of the charge.
 *
 * @throws GenlockError `model_not_billable` where the work is not counted in the unit of the price: it must not be free for that
 */
export function quoteFor(terms: Price): Micros {
  if (!isCounted(terms) && !isGivenAway(terms))
    throw new GenlockError('model_not_billable', undefined, {
      raw: `the price is per ${terms.unit}, of which nothing is counted`,
    });
  return priceOf(terms, terms.quoted ?? {});
}

/**
 * What is charged for delivered work: its price on the terms of the sale, but never more than was quoted. What was not
 * measured counts as it was asked for.
 */
export function chargeFor(terms: Price, delivered: Usage, quote: Micros): Micros {
  return Math.min(priceOf(terms, { ...terms.quoted, ...delivered }), quote);
}
