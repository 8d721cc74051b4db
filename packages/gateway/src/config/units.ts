import { type Micros, parseUsd } from '../domain/money.ts';

const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;
const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses `500ms`, `30s`, `10m`, `24h`, `30d` to milliseconds. */
export function parseDuration(text: string): number | undefined {
  return quantity(DURATION, MS, text);
}

const SIZE = /^(\d{1,9})(B|KB|MB|GB|KiB|MiB|GiB)$/;
const BYTES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Parses `10MB` (10 million bytes), `10MiB` (10 times 2^20 bytes), or a plain number of bytes. */
export function parseSize(value: string | number): number | undefined {
  if (typeof value === 'string') return quantity(SIZE, BYTES, value);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Parses a decimal string, or a number whose shortest form has at most 6 decimals. So 0.1 is exact, and 1e-7 is refused. */
export function parseAmount(value: string | number): Micros | undefined {
  return parseUsd(String(value));
}

const FACTOR = /^(\d{1,4})(?:\.(\d{1,3}))?$/;

/** Parses a factor to thousandths: `1.5` gives 1500. */
export function parseFactor(value: string | number): number | undefined {
  const match = FACTOR.exec(String(value));
  return match === null ? undefined : Number(match[1]) * 1000 + Number((match[2] ?? '').padEnd(3, '0'));
}

function quantity(form: RegExp, units: Readonly<Record<string, number>>, text: string): number | undefined {
  const match = form.exec(text);
  const unit = units[match?.[2] ?? ''];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
