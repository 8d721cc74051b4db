import { canonicalErrors } from '@genlock/contracts';
import { fields } from '../output.ts';
import { canonicalOf, type Explanation } from './explanation.ts';
import { type Rehearsal, rehearsalsOf } from './rehearsal.ts';
import { adviceWords, blameWords, chargeWords, retryWords } from './words.ts';

/** An explanation for people. */
export function renderExplanation(explanation: Explanation): string {
  const { error, told, row, seen } = explanation;
  const { summary } = canonicalErrors[error.code];
  const others = row === undefined ? [] : canonicalOf(row).filter((code) => code !== error.code);
  const lines: [string, string][] = [
    ['what', row?.when ?? `${summary} The code is not in the table; this was derived from the status.`],
    ['canonical', `${error.code}: ${summary}`],
  ];
  if (others.length > 0 && others.length <= MANY) lines.push(['or', others.join(', ')]);
  if (others.length > MANY) lines.push(['or', `one of ${others.length} others`]);
  if (seen) {
    lines.push(['message', error.message]);
    if (error.param !== null) lines.push(['field', error.param]);
    if (error.generationId !== null) lines.push(['job', error.generationId]);
    if (error.requestId !== null) lines.push(['request', error.requestId]);
  }
  lines.push(
    ['who acts', blameWords[error.blame]],
    ['charged', chargeWords(explanation)],
    ['retry', retryWords(explanation)],
    ['do', `${adviceWords(explanation)} (advice: ${error.advice})`],
  );
  rehearsalsOf(explanation).forEach((rehearsal, index) => {
    lines.push([index === 0 ? 'rehearse' : '', rehearsalWords(rehearsal)]);
  });
  const place =
    told === 'job' ? 'in a job that failed' : error.status === null ? 'in a stream' : `HTTP ${error.status}`;
  return `${error.dialect}: ${error.wireCode ?? 'no code'}, ${place}\n\n${fields(lines)}`;
}

const MANY = 8;

function rehearsalWords(rehearsal: Rehearsal): string {
  switch (rehearsal.kind) {
    case 'command':
      return `${rehearsal.command}; then ${rehearsal.on}`;
    case 'fault':
      return `POST /admin/v1/faults {"point":"${rehearsal.point}","effect":"${rehearsal.effect}"}; then ${rehearsal.on}`;
    case 'directive':
      return `${rehearsal.on} with the header "Genlock-Sandbox: ${rehearsal.directive}", or with [[sandbox ${rehearsal.directive}]] in its prompt`;
  }
}

/** The explanation as data. */
export function explanationJson(explanation: Explanation): object {
  const { error, told, row } = explanation;
  return {
    dialect: error.dialect,
    wire_code: error.wireCode,
    status: error.status,
    told,
    when: row?.when ?? null,
    canonical: { code: error.code, summary: canonicalErrors[error.code].summary },
    stands_for: row === undefined ? [] : canonicalOf(row),
    message: explanation.seen ? error.message : null,
    param: error.param,
    generation_id: error.generationId,
    request_id: error.requestId,
    blame: error.blame,
    retry: error.retry,
    retry_after_ms: error.retryAfterMs,
    may_have_been_charged: error.mayHaveBeenCharged,
    advice: error.advice,
    next: adviceWords(explanation),
    rehearse: rehearsalsOf(explanation),
  };
}
