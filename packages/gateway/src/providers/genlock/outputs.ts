import type { Micros } from '../../domain/money.ts';
import type { Output } from '../port.ts';

export function textOutput(text: string): Output {
  return { bytes: new TextEncoder().encode(text), contentType: 'text/plain; charset=utf-8' };
}

export function jsonOutput(value: object): Output {
  return { bytes: new TextEncoder().encode(JSON.stringify(value)), contentType: 'application/json' };
}

/** A number of dollars in micro-dollars. */
export function micros(usd: number | undefined): Micros | undefined {
  return usd === undefined || !Number.isFinite(usd) || usd < 0 ? undefined : Math.round(usd * 1_000_000);
}
