import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GenlockError } from '../domain/error.ts';
import type { Json } from '../domain/json.ts';
import { audit } from '../gateway/audit.ts';
import { addressOf } from '../http/identify.ts';
import type { AdminContext } from './context.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name of this action in the audit log: `account.create`. */
    readonly audit?: string;
  }
  interface FastifyRequest {
    auditNote: AuditNote | null;
  }
}

interface AuditNote {
  readonly action: string;
  target: string;
  outcome: string;
  detail: Json;
}

/** The command line identifies itself, so that the log shows what was done with it. */
const CLI_AGENT = /^genlock-cli\//;
const HARMLESS = new Set(['GET', 'HEAD']);
const FINGERPRINT_DIGITS = 12;

/**
 * Writes an audit entry for every call that changes something, done or refused, before the call is answered. A route that changes something
 * and has no name for the log keeps the gateway from starting. Must be called before the routes are defined. The scope's guard calls {@link
 * openNote}, and its error handler calls {@link noteRefusal}.
 */
export function keepAuditTrail(app: FastifyInstance, { core, token }: AdminContext): void {
  const actor = `admin-token:${hash('sha256', `genlock audit ${token}`, 'hex').slice(0, FINGERPRINT_DIGITS)}`;
  app.decorateRequest('auditNote', null);
  app.addHook('onRoute', ({ method, url, config }) => {
    const harmless = [method].flat().every((one) => HARMLESS.has(one));
    if (!harmless && config?.audit === undefined)
      throw new Error(`${method} ${url} has no name for the audit log`);
  });
  app.addHook('onSend', async (request) => {
    const { auditNote, headers } = request;
    if (auditNote === null) return;
    await audit(core, {
      ...auditNote,
      target: printable(auditNote.target),
      actor,
      client: CLI_AGENT.test(headers['user-agent'] ?? '') ? 'cli' : 'api',
      address: addressOf(core, request),
      requestId: request.id,
    });
  });
}

/** Begins the audit entry of a call whose caller has the token, if the route has a name for the log. */
export function openNote(request: FastifyRequest): void {
  const action = request.routeOptions.config.audit;
  if (action === undefined) return;
  const { id = '' } = request.params as { readonly id?: string };
  request.auditNote = { action, target: id, outcome: 'done', detail: null };
}

/** Adds facts to the audit entry of a call. Unless given, the target is the id in its path. */
export function note(
  request: FastifyRequest,
  facts: { readonly target?: string; readonly outcome?: 'repeated'; readonly detail?: Json },
): void {
  if (request.auditNote !== null) Object.assign(request.auditNote, facts);
}

const MAX_TARGET = 200;

/** A target that was not found is text of the caller's, so only printable characters are kept. */
function printable(target: string): string {
  return target.slice(0, MAX_TARGET).replaceAll(/[^\x21-\x7e]/g, '?');
}

export function noteRefusal(request: FastifyRequest, { code }: GenlockError): void {
  // The body of a refused call was not checked and may contain anything, so it is not logged.
  if (request.auditNote !== null) Object.assign(request.auditNote, { outcome: code, detail: null });
}
