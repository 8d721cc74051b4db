import Type, { type Static } from 'typebox';
import { GenlockError } from '../domain/error.ts';
import { formatUsd, parseUsd } from '../domain/money.ts';
import type { Price, PriceUnit } from '../domain/pricing.ts';
import { choice, closed, optional, positiveUsd, usd } from './fields.ts';

const UNITS = ['call', 'image', 'second', 'character', 'token'] as const satisfies readonly PriceUnit[];

type Factors = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A price as in genlock.yaml, with amounts as decimal text. */
export const PriceBody = Type.Object(
  {
    unit: choice(UNITS),
    usd,
    output_usd: optional(usd),
    factors: optional(
      Type.Unsafe<Factors>({
        type: 'object',
        maxProperties: 100,
        additionalProperties: {
          type: 'object',
          maxProperties: 1000,
          additionalProperties: { type: 'number', minimum: 0, maximum: 1000 },
        },
      }),
    ),
    round_to: optional(positiveUsd),
  },
  closed,
);

/** @param param the name of the price in the body @throws GenlockError `invalid_parameter` */
export function readPrice(body: Static<typeof PriceBody>, param: string): Price {
  const { unit, output_usd, factors, round_to } = body;
  if (output_usd !== undefined && unit !== 'token')
    throw new GenlockError(
      'invalid_parameter',
      `Only a price per token can have it; this one is per ${unit}.`,
      {
        param: `${param}.output_usd`,
      },
    );
  return {
    unit,
    usd: parseUsd(body.usd) ?? 0,
    ...(output_usd !== undefined && { outputUsd: parseUsd(output_usd) ?? 0 }),
    ...(factors !== undefined && {
      factors: Object.entries(factors).map(([dimension, values]) => ({
        dimension,
        values: Object.fromEntries(
          Object.entries(values).map(([value, factor]) => [value, thousandths(factor, `${param}.factors`)]),
        ),
      })),
    }),
    ...(round_to !== undefined && { roundTo: parseUsd(round_to) ?? 1 }),
  };
}

function thousandths(factor: number, param: string): number {
  const whole = Math.round(factor * 1000);
  if (whole / 1000 === factor) return whole;
  throw new GenlockError('invalid_parameter', 'A factor has up to 3 decimals.', { param });
}

export function renderPrice({ unit, usd, outputUsd, factors, roundTo }: Price): Static<typeof PriceBody> {
  return {
    unit,
    usd: formatUsd(usd),
    ...(outputUsd !== undefined && { output_usd: formatUsd(outputUsd) }),
    ...(factors !== undefined && {
      factors: Object.fromEntries(
        factors.map(({ dimension, values }) => [
          dimension,
          Object.fromEntries(Object.entries(values).map(([value, milli]) => [value, milli / 1000])),
        ]),
      ),
    }),
    ...(roundTo !== undefined && { round_to: formatUsd(roundTo) }),
  };
}
