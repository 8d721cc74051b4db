import type { MediaFacts } from '../../assets/media-facts.ts';
import { formatUsd } from '../../domain/money.ts';
import type { Books } from './books.ts';

/** The facts of a text, which has no picture size or duration. */
export interface TextFacts {
  readonly kind: 'text';
  readonly words: number;
}

/** A file that the demo saved: measured by decoding it, priced by the ledger. */
export interface SavedFile {
  readonly path: string;
  readonly bytes: number;
  readonly facts: MediaFacts | TextFacts;
  readonly dialect: string;
  readonly model: string;
  readonly chargedUsd: string;
}

export function reportFiles(files: readonly SavedFile[]): string {
  const rows = files.map(({ path, bytes, facts, dialect, model, chargedUsd }) => [
    path,
    formatBytes(bytes),
    formatFacts(facts),
    `${dialect}/${model}`,
    dollars(chargedUsd),
  ]);
  return table(rows);
}

export function reportBooks({ sums, available }: Books): string {
  const rows = [
    ...sums.map(({ type, usd }) => [type.replace('_', '-'), dollars(formatUsd(usd))]),
    ['available', dollars(formatUsd(available))],
  ];
  const width = Math.max(...rows.map(([, usd = '']) => usd.length));
  return table(rows.map(([name = '', usd = '']) => [name, usd.padStart(width)]));
}

export function formatFacts(facts: MediaFacts | TextFacts): string {
  if (facts.kind === 'text') return `${facts.words} words`;
  const { width, height, durationSeconds, fps, hasSound } = facts;
  const parts = [
    width !== undefined && height !== undefined && `${width}×${height}`,
    durationSeconds !== undefined && `${Number(durationSeconds.toFixed(2))} s`,
    fps !== undefined && `${Number(fps.toFixed(2))} fps`,
    width !== undefined && hasSound === true && 'sound',
  ];
  return parts.filter((part) => part !== false).join(', ');
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** With at least two decimals, as prices are usually written. */
function dollars(usd: string): string {
  const [whole = '0', fraction = ''] = usd.split('.');
  return `$${whole}.${fraction.padEnd(2, '0')}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}
