import type { Dialect } from '../dialect.ts';
import { type DialectName, GenerationError } from '../error.ts';
import { parseJson } from '../json.ts';
import { errorOf } from '../parse.ts';
import { readBody } from '../read-body.ts';

/** The outcome of one attempt. */
export type Outcome =
  | { readonly kind: 'fine'; readonly response: Response }
  | { readonly kind: 'refused'; readonly response: Response; readonly error: GenerationError }
  /** There was no connection, so nothing can have been done. */
  | { readonly kind: 'unsent'; readonly thrown: unknown }
  /** Sent, or perhaps sent, without a complete answer. */
  | { readonly kind: 'lost'; readonly thrown: unknown; readonly status?: number };

/**
 * @param paid for such a call a redirect counts as an answer, and a success counts only when all of its JSON has arrived, because nobody
 * can use half an answer
 */
export async function attempt<D extends DialectName>(
  dialect: Dialect<D>,
  send: () => Promise<Response>,
  paid: boolean,
): Promise<Outcome> {
  let response: Response;
  try {
    response = await send();
  } catch (thrown) {
    return { kind: isUnsent(thrown) ? 'unsent' : 'lost', thrown };
  }
  const { status, headers } = response;
  if (paid && isRedirect(response)) return { kind: 'refused', response, error: redirection(dialect, status) };
  if (status >= 400) {
    const body = await readBody(response.clone());
    return { kind: 'refused', response, error: errorOf(dialect, { status, headers, body }) };
  }
  if (paid && response.body !== null && /[/+]json\s*(?:;|$)/i.test(headers.get('content-type') ?? '')) {
    const cut = await cutOff(response.clone());
    if (cut !== undefined) return { kind: 'lost', thrown: cut, status };
  }
  return { kind: 'fine', response };
}

/** Why a body is not JSON; undefined if it is. Without a length, a body that broke off can look like a complete one. */
async function cutOff(response: Response): Promise<unknown> {
  try {
    if (parseJson(await response.text()) !== undefined) return undefined;
  } catch (thrown) {
    if (thrown !== undefined) return thrown;
  }
  return new TypeError('The answer broke off.');
}

/** Browsers only show that there was a redirect. `redirected`: a redirect was followed although it should not have been. */
function isRedirect({ type, status, redirected }: Response): boolean {
  return redirected || type === 'opaqueredirect' || (status >= 300 && status < 400);
}

/**
 * 307 and 308 ask for the same call elsewhere (RFC 9110, section 15.4), so nothing was done here. Any other redirect may be the way in
 * which a service points to its result.
 */
function redirection<D extends DialectName>({ name }: Dialect<D>, status: number): GenerationError<D> {
  const again = status === 307 || status === 308;
  return new GenerationError<D>({
    code: again ? 'route_not_found' : 'outcome_unknown',
    dialect: name,
    message: `${name}: the call was answered by a redirect.`,
    status,
    mayHaveBeenCharged: !again,
  });
}

/** As reported by Node's fetch. Browsers do not say, so every failure there counts as sent. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

function isUnsent(thrown: unknown): boolean {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Error && 'code' in cause && UNSENT.has(String(cause.code));
}
