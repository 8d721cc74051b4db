import type { Dialect } from '../dialect.ts';
import type { DialectName, GenerationError } from '../error.ts';
import { errorOf } from '../parse.ts';
import { readBody } from '../read-body.ts';

/** What came of one attempt. */
export type Outcome =
  | { readonly kind: 'fine'; readonly response: Response }
  | { readonly kind: 'refused'; readonly response: Response; readonly error: GenerationError }
  /** The connection was never there, so that nothing can have been done. */
  | { readonly kind: 'unsent'; readonly thrown: unknown }
  /** Sent, or perhaps sent, and no answer, or only a part of one. */
  | { readonly kind: 'lost'; readonly thrown: unknown; readonly status?: number };

/** @param whole a success counts only when all of its JSON has come: half of one is an answer that nobody can use */
export async function attempt<D extends DialectName>(
  dialect: Dialect<D>,
  send: () => Promise<Response>,
  whole: boolean,
): Promise<Outcome> {
  let response: Response;
  try {
    response = await send();
  } catch (thrown) {
    return { kind: isUnsent(thrown) ? 'unsent' : 'lost', thrown };
  }
  const { status, headers } = response;
  if (status >= 400) {
    const body = await readBody(response.clone());
    return { kind: 'refused', response, error: errorOf(dialect, { status, headers, body }) };
  }
  if (whole && /[/+]json\b/i.test(headers.get('content-type') ?? '')) {
    const cut = await cutOff(response.clone());
    if (cut !== undefined) return { kind: 'lost', thrown: cut, status };
  }
  return { kind: 'fine', response };
}

/** Why a body did not come to its end; undefined where it did. */
async function cutOff(response: Response): Promise<unknown> {
  try {
    const reader = response.body?.getReader();
    while (reader !== undefined && !(await reader.read()).done);
    return undefined;
  } catch (thrown) {
    return thrown ?? new TypeError('The answer broke off.');
  }
}

/** As Node's fetch tells them; a browser tells nothing, and there every failure counts as sent. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

function isUnsent(thrown: unknown): boolean {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Error && 'code' in cause && UNSENT.has(String(cause.code));
}
