import type { DialectName } from '@genlock/client';
import { CommandFailure } from '../failure.ts';
import { present, table } from '../output.ts';
import { dialectNames } from './dialects.ts';
import { type Explanation, explainAnswer, explainRow } from './explanation.ts';
import { type Found, type FoundRow, findCode } from './find-code.ts';
import { readAnswer, type SavedAnswer } from './http-text.ts';
import { recognise } from './recognise.ts';
import { explanationJson, renderExplanation } from './render.ts';
import { readSubject } from './subject.ts';

export interface ExplainFlags {
  readonly dialect?: DialectName;
  readonly status?: number;
  readonly json: boolean;
}

/** `genlock errors explain`. @throws CommandFailure if the subject cannot be explained */
export async function explain(argument: string, flags: ExplainFlags): Promise<void> {
  const subject = await readSubject(argument);
  if (subject.kind === 'word') {
    explainWord(subject.word, flags);
    return;
  }
  const saved = readAnswer(subject.text);
  const answer = { ...saved, ...(flags.status !== undefined && { status: flags.status }) };
  const explanations = explainAnswer(flags.dialect ?? dialectOf(answer, subject.from), answer);
  show(explanations, flags);
}

function show(explanations: readonly Explanation[], flags: ExplainFlags): void {
  present(flags, { explanations: explanations.map(explanationJson) }, () =>
    explanations.map(renderExplanation).join('\n\n'),
  );
}

/** The dialect of an answer. @throws CommandFailure if that cannot be told */
function dialectOf(answer: SavedAnswer, from: string): DialectName {
  const found =
    candidates(answer.body)
      .map(recognise)
      .find(({ length }) => length > 0) ?? [];
  const [name] = found;
  if (found.length === 1 && name !== undefined) return name;
  const names = (found.length > 0 ? found : dialectNames).join(', ');
  throw new CommandFailure(
    found.length > 0
      ? `${from} can be an error of ${names}: name one with --dialect`
      : `${from} is not a known error. If it comes from one of ${names}, name that with --dialect, and the HTTP status with --status`,
  );
}

/** The body itself, or the events of a stream, last first, because a stream reports its failure at the end. */
function candidates(body: unknown): readonly unknown[] {
  if (typeof body !== 'string') return [body];
  return [...body.matchAll(/^data: ?(.*)$/gm)].map(([, data = '']) => readAnswer(data).body).reverse();
}

function explainWord(word: string, flags: ExplainFlags): void {
  const { dialect } = flags;
  const found = findCode(word, dialect);
  if (found.kind === 'unknown' || found.rows.length === 0)
    throw new CommandFailure(
      `there is no code "${word}"${dialect === undefined ? '' : ` in ${dialect}`}.${hint(found)} All of them: genlock errors${dialect === undefined ? '' : ` ${dialect}`}`,
    );
  const asked = found.kind === 'canonical' ? found.code : undefined;
  const explainFound = ({ dialect: name, row }: FoundRow): Explanation => explainRow(name, row, asked);
  if (found.kind === 'wire') {
    show(found.rows.map(explainFound), flags);
    return;
  }
  // The error in the native dialect (or the one that was named) first, then the rows of all dialects.
  const own =
    found.kind === 'canonical' ? found.rows.filter((one) => one.dialect === (dialect ?? 'native')) : [];
  const told = found.kind === 'canonical' && dialect === undefined ? own.slice(0, 1) : own;
  present(flags, { explanations: found.rows.map((one) => explanationJson(explainFound(one))) }, () =>
    [
      ...told.map((one) => renderExplanation(explainFound(one))),
      ...(told.length === found.rows.length ? [] : [rowsTable(found.rows)]),
    ].join('\n\n'),
  );
}

function hint(found: Found): string {
  return found.kind === 'unknown' && found.near.length > 0 ? ` Did you mean ${found.near.join(', ')}?` : '';
}

function rowsTable(rows: readonly FoundRow[]): string {
  const lines = rows.map(({ dialect, row }) => [
    dialect,
    row.status === null ? 'in the job' : String(row.status),
    row.code,
    explainRow(dialect, row).error.advice,
    row.when,
  ]);
  return table(['dialect', 'status', 'code', 'advice', 'when'], lines);
}
