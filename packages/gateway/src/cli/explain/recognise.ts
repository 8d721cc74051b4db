import type { DialectName } from '@genlock/client';
import { dialectNames, tongues } from './dialects.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

/** What distinguishes an error answer of a dialect from those of other dialects with the same codes. */
const ANSWERS: { readonly [D in DialectName]: (body: Json) => boolean } = {
  kiara: ({ error }) => isObject(error) && !('type' in error) && !('error_id' in error),
  getimg: ({ error }) => isObject(error) && !('request_id' in error) && !('error_id' in error),
  skytells: ({ error }) => isObject(error) && isText(error.error_id),
  llmtune: ({ error, code }) => isText(error) && code === undefined,
  'skills-video': ({ title }) => title === undefined,
  native: ({ code, error }) => isText(code) && error === undefined,
};

/** The same for a failed job, also inside a webhook. */
const JOBS: { readonly [D in DialectName]: (body: Json) => boolean } = {
  kiara: (body) => codeIn(body) === 'generation_failed',
  getimg: (body) => isText(codeIn(body)) && body.object !== 'generation' && !isObject(body.data),
  skytells: ({ type, error, jobId, batchId }) =>
    type === 'prediction.failed' || (!isObject(error) && jobId === undefined && batchId === undefined),
  llmtune: () => true,
  'skills-video': ({ error, type }) => !isObject(error) && type === undefined,
  native: (body) => inner(body).object === 'generation',
};

/** The job inside a webhook. */
function inner(body: Json): Json {
  return isObject(body.data) ? body.data : body;
}

function codeIn(body: Json): unknown {
  const { error } = inner(body);
  return isObject(error) ? error.code : undefined;
}

/**
 * The dialects that a body may come from: those whose error shape it has and whose tables contain its code; if there are none, those whose
 * error shape it has. Several if shape and code are the same.
 */
export function recognise(body: unknown): readonly DialectName[] {
  if (!isObject(body)) return [];
  const inForm = dialectNames.filter((name) => isFailedJob(name, body) || isAnswer(name, body));
  const known = inForm.filter((name) => isKnown(name, body));
  return known.length > 0 ? known : inForm;
}

export function isFailedJob(name: DialectName, body: unknown): boolean {
  return isObject(body) && JOBS[name](body) && tongues[name].dialect.readFailure(body) !== undefined;
}

function isAnswer(name: DialectName, body: Json): boolean {
  // An object with the status `failed` is a job. In some dialects a job's error looks like that of an answer.
  const isJob = body.status === 'failed';
  return !isJob && ANSWERS[name](body) && tongues[name].dialect.readError(body, 400) !== undefined;
}

/** Also true without a code, because some jobs fail without one. */
function isKnown(name: DialectName, body: Json): boolean {
  const { dialect } = tongues[name];
  if (!isFailedJob(name, body))
    return Object.hasOwn(dialect.responses, dialect.readError(body, 400)?.code ?? '');
  const { code } = dialect.readFailure(body) ?? {};
  return code === undefined ? Object.keys(dialect.jobs).length === 0 : Object.hasOwn(dialect.jobs, code);
}
