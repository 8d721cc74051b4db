import type { CatalogueRow, SkillsVideoRow } from '@genlock/contracts';
import type { DialectName } from '../src/error.ts';

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const BODIES: { readonly [D in DialectName]: (row: CatalogueRow) => object } = {
  kiara: ({ code }) => ({ error: { code, message: 'm', request_id: 'req_1' } }),
  getimg: ({ code }) => ({ error: { message: 'm', type: 'invalid_request_error', param: null, code } }),
  skytells: ({ code, status }) => ({
    status: false,
    response: 'm',
    error: { http_status: status, message: 'm', details: null, error_id: code },
  }),
  llmtune: ({ code, status }) => (status === 402 ? { error: code } : { error: code, message: 'm' }),
  'skills-video': (row) => ({ error: (row as SkillsVideoRow).legacy, code: row.code, message: 'm' }),
  native: ({ code, status, retry }) => ({
    type: `urn:genlock:error:${code}`,
    title: 't',
    status,
    detail: 'm',
    code,
    retry,
    request_id: 'req_1',
  }),
};

/** The answer for a row, in the form of the dialect's contract. */
export function replyOf(dialect: DialectName, row: CatalogueRow): Reply {
  const headers = {
    'content-type': 'application/json',
    'x-request-id': 'req_1',
    ...(row.retryAfter && { 'retry-after': '7' }),
  };
  return { status: row.status ?? 0, headers, body: JSON.stringify(BODIES[dialect](row)) };
}

const JOBS: { readonly [D in DialectName]: (row: CatalogueRow) => object } = {
  kiara: ({ code }) => ({
    id: 'gen_1',
    status: 'failed',
    error: { code, message: 'm', request_id: 'req_1' },
  }),
  getimg: ({ code }) => ({ id: 'gen_1', status: 'failed', error: { code, message: 'm' } }),
  skytells: () => ({ id: 'gen_1', status: 'failed', error: 'm', output: null, model: 'truefusion' }),
  llmtune: () => ({ jobId: 'gen_1', status: 'failed', error: 'm', progress: 3 }),
  'skills-video': ({ code }) => ({ id: 'gen_1', status: 'FAILED', data: null, code, message: 'm' }),
  native: ({ code, retry }) => ({
    id: 'gen_1',
    object: 'generation',
    status: 'failed',
    error: { code, message: 'm', retry, request_id: 'req_1' },
    cost: { charged_usd: '0' },
  }),
};

/** A job that failed by a row, in the form of a read. */
export function jobBodyOf(dialect: DialectName, row: CatalogueRow): object {
  return JOBS[dialect](row);
}
