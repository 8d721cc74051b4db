import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GenlockError } from '../domain/error.ts';
import type { Json } from '../domain/json.ts';
import { audit } from '../gateway/audit.ts';
import { addressOf } from '../http/identify.ts';
import type { AdminContext } from './context.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the audit log calls it: `account.create`. */
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

/** The command line says who it is, so that the log can tell what was done by hand. */
const CLI_AGENT = /^genlock-cli\//;
const HARMLESS = new Set(['GET', 'HEAD']);
const FINGERPRINT_DIGITS = 12;

/**
 * Notes every call that changes something, done or refused, before it is answered. A route that changes something and has no name
 * for the log keeps the gateway from starting. To be called before the routes are defined; {@link openNote} and {@link noteRefusal}
 * are called by the scope's guard and error handler.
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

/** The caller has the token: what follows is noted, where the route has a name for the log. */
export function openNote(request: FastifyRequest): void {
  const action = request.routeOptions.config.audit;
  if (action === undefined) return;
  const { id = '' } = request.params as { readonly id?: string };
  request.auditNote = { action, target: id, outcome: 'done', detail: null };
}

/** What there is to say of a call beside its name; the target is the id in its path unless said otherwise. */
export function note(
  request: FastifyRequest,
  facts: { readonly target?: string; readonly outcome?: 'repeated'; readonly detail?: Json },
): void {
  if (request.auditNote !== null) Object.assign(request.auditNote, facts);
}

const MAX_TARGET = 200;

/** A target that was not found is the caller's word. */
function printable(target: string): string {
  return target.slice(0, MAX_TARGET).replaceAll(/[^\x21-\x7e]/g, '?');
}

export function noteRefusal(request: FastifyRequest, { code }: GenlockError): void {
  // What a refused body holds was not checked, and may be anything.
  if (request.auditNote !== null) Object.assign(request.auditNote, { outcome: code, detail: null });
}
