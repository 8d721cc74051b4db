import type { Dialect } from '../dialect.ts';
import { type DialectName, GenerationError } from '../error.ts';
import { parseJson } from '../json.ts';
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

/**
 * @param paid a redirect of such a call is an answer; and a success counts only when all of its JSON has come: half of one is an answer
 *   that nobody can use
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

/** Why a body is no JSON; undefined where it is. Where its length is not told, one that broke off may look like one that ended. */
async function cutOff(response: Response): Promise<unknown> {
  try {
    if (parseJson(await response.text()) !== undefined) return undefined;
  } catch (thrown) {
    if (thrown !== undefined) return thrown;
  }
  return new TypeError('The answer broke off.');
}

/** A browser shows nothing of one but that it was one. `redirected` is one that was followed although it should not have been. */
function isRedirect({ type, status, redirected }: Response): boolean {
  return redirected || type === 'opaqueredirect' || (status >= 300 && status < 400);
}

/**
 * 307 and 308 ask for the same call elsewhere (RFC 9110, section 15.4): nothing was done here. Any other may be how a service points to
 * what it has made.
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

/** As Node's fetch tells them; a browser tells nothing, and there every failure counts as sent. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

function isUnsent(thrown: unknown): boolean {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Error && 'code' in cause && UNSENT.has(String(cause.code));
}
