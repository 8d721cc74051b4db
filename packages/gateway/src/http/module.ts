import type { Catalogue } from '@genlock/contracts';
import type { FastifyPluginAsync } from 'fastify';
import type { DialectSettings } from '../config/config.ts';
import type { GenlockError } from '../domain/error.ts';
import type { Mode } from '../domain/generation.ts';
import type { Core } from '../gateway/core.ts';
import type { Dialect } from '../gateway/dialect.ts';
import type { ApiDescription } from './reference/api-description.ts';

/** What the routes of a dialect need. */
export interface HttpContext {
  readonly core: Core;
}

/** A complete answer, which can be written even if no route was reached. */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A dialect as the server mounts it. Each dialect is one folder, one of these objects and one line in the registry. */
export interface DialectModule {
  readonly dialect: Dialect;
  /** The path below which it is served: `/kiara`. */
  readonly mount: string;
  /** Settings that its contract publishes or proposes. The configuration file can change them. */
  readonly defaults: DialectSettings;
  readonly catalogue: Catalogue;
  routes(context: HttpContext): FastifyPluginAsync;
  /** Renders an error in this dialect's shape if no route was reached: broken HTTP, or a URL that cannot be decoded or routed. */
  renderFault(error: GenlockError, requestId: string, url: string): WireReply;
  /** A new API key in the form that the dialect publishes. */
  mintKey(mode: Mode): string;
  /** Its routes as data, made from the schemas that validate, for OpenAPI and the reference page. */
  describe?(): ApiDescription;
}
