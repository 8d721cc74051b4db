import { describe, expect, it } from 'vitest';
import {
  type Catalogue,
  canonicalCodes,
  canonicalErrors,
  getimgCatalogue,
  indexCatalogue,
  isCanonicalCode,
  kiaraCatalogue,
  llmtuneCatalogue,
  nativeCatalogue,
  problemStatus,
  rowId,
  skytellsCatalogue,
} from './index.ts';

describe('canonical errors', () => {
  it('have the codes of the design, each with a one-line summary', () => {
    expect(canonicalCodes).toHaveLength(46);
    for (const code of canonicalCodes) expect(canonicalErrors[code].summary).toMatch(/^[A-Z].{10,90}\.$/);
  });

  it('recognises codes and nothing else', () => {
    expect(isCanonicalCode('rate_limited')).toBe(true);
    expect(isCanonicalCode('toString')).toBe(false);
  });
});

describe.each<Catalogue>([
  kiaraCatalogue,
  getimgCatalogue,
  llmtuneCatalogue,
  skytellsCatalogue,
  nativeCatalogue,
])('catalogue $dialect', (catalogue) => {
  it('can say every canonical error, in a response and in a job', () => {
    for (const told of ['response', 'job'] as const) {
      expect(indexCatalogue(catalogue, told, canonicalCodes).size).toBe(canonicalCodes.length);
    }
  });

  it('has distinct rows', () => {
    const ids = catalogue.rows.map(rowId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('native', () => {
  it('says every canonical error by its own name, with one status', () => {
    for (const { code, canonical, status, told } of nativeCatalogue.rows) {
      expect(canonical).toEqual([code]);
      expect(status).toBe(told === 'job' ? null : problemStatus[code]);
    }
  });
});

describe('kiara', () => {
  it('has exactly the 20 public codes', () => {
    expect(new Set(kiaraCatalogue.rows.map((row) => row.code)).size).toBe(20);
  });

  it('asks for Retry-After on every 429 and 503', () => {
    for (const row of kiaraCatalogue.rows)
      expect(row.retryAfter).toBe(row.status === 429 || row.status === 503);
  });
});

describe('indexCatalogue', () => {
  const row = {
    code: 'x',
    status: 400,
    told: 'response',
    retry: 'never',
    retryAfter: false,
    when: '',
  } as const;

  it('refuses a table that leaves a canonical error out', () => {
    const table = { dialect: 'd', source: '', rows: [{ ...row, canonical: ['not_found'] as const }] };
    expect(() => indexCatalogue(table, 'response', canonicalCodes)).toThrow(/no row for .*unauthenticated/);
  });

  it('refuses a table that says a canonical error in two ways', () => {
    const rows = [
      { ...row, canonical: ['not_found'] as const },
      { ...row, code: 'y', canonical: ['not_found'] as const },
    ];
    expect(() => indexCatalogue({ dialect: 'd', source: '', rows }, 'response', ['not_found'])).toThrow(
      /two rows/,
    );
  });
});
