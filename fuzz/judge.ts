import { type DialectName, parseErrorBody } from '../packages/client/src/index.ts';
import { CATALOGUES } from '../packages/client/testing/catalogues.ts';
import { type Blame, type CatalogueRow, rowId, type SkytellsRow } from '../packages/contracts/src/index.ts';
import type { DescriptionCheck } from './described.ts';
import type { Draft } from './draft.ts';
import { headBytes } from './draft.ts';
import type { Finding } from './finding.ts';
import type { LeakFinder } from './leaks.ts';
import { headerOf, type Reply } from './reply.ts';

export interface Court {
  readonly host: string;
  /** Mounts, and the dialect below each. */
  readonly mounts: readonly (readonly [string, DialectName])[];
  readonly leak: LeakFinder;
  readonly described: DescriptionCheck;
  /** Ids of an account that never calls. */
  readonly foreign: readonly string[];
}

/** All findings about one answer. */
export function judge(court: Court, draft: Draft, reply: Reply): readonly Finding[] {
  const request = requestText(draft, court.host);
  const told = reply.status >= 400 ? toldBy(court, draft, reply) : undefined;
  return [
    ...form(reply),
    ...failure(draft, request, reply, told),
    ...shape(draft, reply, told),
    ...trespass(court, draft, reply),
    ...leaks(court, draft, request, reply),
    ...court.described(draft, reply),
  ];
}

function requestText(draft: Draft, host: string): string {
  if (draft.raw !== undefined) return draft.raw.toString('latin1');
  const text = headBytes(draft, host).toString('latin1') + (draft.body?.toString('utf8') ?? '');
  try {
    return text + decodeURIComponent(draft.path + draft.query);
  } catch {
    return text;
  }
}

function form({ faults, headers, body, status }: Reply): readonly Finding[] {
  const type = headerOf({ headers }, 'content-type');
  const findings = [...faults];
  if (headers.some(([name]) => /^x-injected$|^x-powered-by$|^server$/i.test(name)))
    findings.push('a header that gives away or was injected');
  if (headers.some(([name, value]) => /^set-cookie$/i.test(name) && value.includes('injected')))
    findings.push('an injected cookie');
  if (body.length > 0 && type === undefined) findings.push(`${status} with a body of no type`);
  if (type !== undefined && /[/+]json\b/.test(type) && body.length > 0 && parsed(body) === undefined)
    findings.push('JSON that is none');
  if (
    headerOf({ headers }, 'access-control-allow-credentials') === 'true' &&
    /evil|^null$|^\*$/.test(headerOf({ headers }, 'access-control-allow-origin') ?? '')
  )
    findings.push('any origin may use credentials');
  return findings.map((seen) => ({ promise: 'answers are well-formed', seen }));
}

/** A row of an error table, with what the client library reads from it. */
interface Told {
  readonly row: CatalogueRow;
  readonly blame: Blame;
}

/** Errors that no request can ask for: if the server answers so, it has failed by itself. */
const OWN_FAULTS = new Set(['internal_error', 'storage_unavailable', 'shutting_down', 'limiter_unavailable']);

function failure(
  draft: Draft,
  request: string,
  { status, body }: Reply,
  told: Told | undefined,
): readonly Finding[] {
  // The error of a HEAD cannot be read, since it has no body.
  if ((status < 500 && status !== 0) || (status > 500 && draft.method === 'HEAD')) return [];
  const promise = 'no 5xx but what the request rehearses';
  if (told === undefined) return [{ promise, seen: `${status} ${body.toString('utf8', 0, 200)}` }];
  const { row, blame } = told;
  // A contract may give this answer for something that the caller has no right to.
  const asked = blame === 'caller' || /sandbox|idempotency-key/i.test(request) || tellsOfJobs(draft);
  const causes = causesOf(row);
  const own = causes.length > 0 && causes.every((code) => OWN_FAULTS.has(code));
  return asked && !own ? [] : [{ promise, seen: rowId(row) }];
}

function causesOf(row: CatalogueRow & Pick<SkytellsRow, 'placed'>): readonly string[] {
  const placed = Object.values(row.placed ?? {}).flat();
  return [...row.canonical, ...placed.map((cause) => cause.split('/')[0] ?? '')];
}

/** Reads and retries repeat the failure that an order rehearsed. */
function tellsOfJobs({ path }: Draft): boolean {
  return path.includes('/skytells/v1/predictions/') || path.endsWith('/retry');
}

function shape(draft: Draft, { status, headers, body }: Reply, told: Told | undefined): readonly Finding[] {
  const promise = 'errors are in the shape of their API';
  if (status < 400 || draft.method === 'HEAD') return [];
  if (told === undefined) return [{ promise, seen: `${status} ${body.toString('utf8', 0, 200)}` }];
  if (told.row.retryAfter && headerOf({ headers }, 'retry-after') === undefined)
    return [{ promise, seen: `${rowId(told.row)} without Retry-After` }];
  return [];
}

function toldBy({ mounts }: Court, draft: Draft, { status, headers, body }: Reply): Told | undefined {
  const path = draft.path.replace(/^https?:\/\/[^/]*/, '');
  const dialect = mounts.find(([mount]) => path === mount || path.startsWith(`${mount}/`))?.[1] ?? 'native';
  // For broken HTTP the path is not always known; the answer is then a problem document.
  for (const name of draft.manner === 'alone' ? [dialect, 'native' as const] : [dialect]) {
    const { wireCode, blame } = parseErrorBody(name, {
      status,
      headers: headers.filter(([one]) => one !== '').map(([one, value]) => [one, value]),
      body: body.toString('utf8'),
    });
    const row = CATALOGUES[name].find(
      (one) => one.told === 'response' && one.status === status && one.code === wireCode,
    );
    if (row !== undefined) return { row, blame };
  }
  return undefined;
}

function trespass(
  { foreign }: Court,
  { operation, asker, intact, path }: Draft,
  { status }: Reply,
): readonly Finding[] {
  if (!intact || status < 200 || status >= 400 || operation.open) return [];
  if (!asker.known) return [{ promise: 'nothing without a key', seen: `${status} for ${asker.who}` }];
  if (operation.api !== 'admin' && foreign.some((id) => path.includes(id)))
    return [{ promise: "nothing of somebody else's", seen: `${status} for ${asker.who}` }];
  return [];
}

const READABLE = /[/+]json\b|^text\/(?!html)/;

function leaks({ leak }: Court, { operation }: Draft, request: string, reply: Reply): readonly Finding[] {
  const head = reply.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
  const words = READABLE.test(headerOf(reply, 'content-type') ?? '') ? reply.body.toString('utf8') : '';
  // The reference may describe all this.
  if (operation.path.startsWith('/docs') && reply.status < 400) return [];
  const seen = leak({
    request,
    answer: `${head}\n${words}`,
    isError: reply.status >= 400,
    operator: operation.api === 'admin',
  });
  return seen === undefined ? [] : [{ promise: 'answers keep secrets', seen }];
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) ?? 'null';
  } catch {
    return undefined;
  }
}
