import { type DialectName, type GenerationError, parseErrorBody, parseFailure } from '@genlock/client';
import type { CanonicalCode, CatalogueRow } from '@genlock/contracts';
import { CommandFailure } from '../failure.ts';
import { tongues } from './dialects.ts';
import type { SavedAnswer } from './http-text.ts';
import { isFailedJob } from './recognise.ts';

/** What can be said about one error of one dialect. */
export interface Explanation {
  /** The error as the client library reads it. */
  readonly error: GenerationError;
  readonly told: 'response' | 'job';
  /** Undefined if the tables do not contain the error. */
  readonly row: CatalogueRow | undefined;
  /** Whether there was an answer to read; otherwise somebody looked up a row. */
  readonly seen: boolean;
  /** The canonical code that was looked up in this dialect. Clients may read another canonical code from the same row. */
  readonly asked?: CanonicalCode;
}

/** Explains a row as a client would read an answer that has nothing but the row's code. */
export function explainRow(name: DialectName, row: CatalogueRow, asked?: CanonicalCode): Explanation {
  const { dialect } = tongues[name];
  const { code, status, told } = row;
  const error =
    status === null
      ? parseFailure(dialect, { id: '-', jobId: '-', status: 'failed', code, error: { code } })
      : parseErrorBody({ ...dialect, readError: () => ({ code }) }, { status, body: {} });
  // Unreachable: every dialect reads such an answer as a failure, which a test checks for each row.
  if (error === undefined) throw new Error(`${name} ${code} is not read as a failure`);
  return { error, told, row, seen: false, ...(asked !== undefined && { asked }) };
}

/**
 * The explanations of an answer in a dialect. There are several if the answer has no status and the table has several rows for its code.
 *
 * @throws CommandFailure if it is not an error, or if the error cannot be found without a status
 */
export function explainAnswer(name: DialectName, answer: SavedAnswer): readonly Explanation[] {
  const { body, headers, status } = answer;
  const { dialect, catalogue } = tongues[name];
  const rowOf = (error: GenerationError, told: 'response' | 'job'): CatalogueRow | undefined => {
    const rows = catalogue.rows.filter((row) => row.told === told);
    if (told === 'job') return rows.find(({ code }) => code === error.wireCode) ?? only(rows);
    return rows.find((row) => row.code === error.wireCode && row.status === error.status);
  };

  if ((status ?? 200) < 400) {
    const failure = parseFailure(dialect, body);
    const inJob = isFailedJob(name, body);
    if (failure !== undefined && (inJob || status !== undefined || typeof body === 'string')) {
      const told = inJob ? 'job' : 'response';
      return [{ error: failure, told, row: rowOf(failure, told), seen: true }];
    }
    if (status !== undefined)
      throw new CommandFailure(`nothing failed: this is an answer of ${name} with status ${status}.`);
  }
  return statusesOf(name, answer).map((one) => {
    const error = parseErrorBody(dialect, { status: one, headers, body });
    return { error, told: 'response', row: rowOf(error, 'response'), seen: true };
  });
}

/** The status of the answer, else the one in its body, else those in the table. */
function statusesOf(name: DialectName, { status, body }: SavedAnswer): readonly number[] {
  if (status !== undefined) return [status];
  const { dialect, catalogue } = tongues[name];
  const object = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { error } = object;
  const inner = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const told = [object.status, inner.http_status, inner.status].find(
    (value): value is number => typeof value === 'number' && value >= 400 && value < 600,
  );
  if (told !== undefined) return [told];
  const code = dialect.readError(object, 400)?.code;
  const statuses = catalogue.rows.flatMap((row) =>
    row.code === code && row.status !== null ? [row.status] : [],
  );
  if (statuses.length > 0) return [...new Set(statuses)];
  throw new CommandFailure(
    `${code === undefined ? `this does not have the form of an error of ${name}` : `the table of ${name} has no "${code}"`}. Give its HTTP status with --status, or the whole answer as "curl -i" prints it.`,
  );
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

interface PlacedRow extends CatalogueRow {
  readonly placed?: { readonly [place: string]: readonly string[] };
  readonly only?: { readonly canonical: CanonicalCode };
}

/** The canonical errors that are shown as this row, in any place. Finer reasons are left out: `not_found/job` is `not_found`. */
export function canonicalOf(row: PlacedRow): readonly CanonicalCode[] {
  const placed = Object.values(row.placed ?? {}).flat();
  const narrow = row.only === undefined ? [] : [row.only.canonical];
  const codes = [...row.canonical, ...placed, ...narrow].map((cause) => cause.split('/')[0] as CanonicalCode);
  return [...new Set(codes)];
}
