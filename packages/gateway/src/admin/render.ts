import { total } from '../domain/funds.ts';
import { formatUsd } from '../domain/money.ts';
import type { Transfer } from '../store/port.ts';

/** RFC 3339, UTC, to the millisecond. */
export function time(at: number): string {
  return new Date(at).toISOString();
}

export function optionalTime(at: number | null): string | null {
  return at === null ? null : time(at);
}

export function renderTransfer({ id, type, funds, generationId, at }: Transfer) {
  return { id, type, usd: formatUsd(total(funds)), generation_id: generationId, at: time(at) };
}
