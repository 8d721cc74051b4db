import type { Catalogue } from '@genlock/contracts';
import type { FastifyPluginAsync } from 'fastify';
import type { DialectSettings } from '../config/config.ts';
import type { GenlockError } from '../domain/error.ts';
import type { Mode } from '../domain/generation.ts';
import type { Core } from '../gateway/core.ts';
import type { Dialect } from '../gateway/dialect.ts';
import type { ApiDescription } from './reference/api-description.ts';

/** What the routes of a dialect work with. */
export interface HttpContext {
  readonly core: Core;
}

/** A whole answer, ready to be written, also where no route was reached. */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A dialect as the server mounts it: one folder, one of these, one line in the registry. */
export interface DialectModule {
  readonly dialect: Dialect;
  /** The path below which it is served: `/kiara`. */
  readonly mount: string;
  /** Settings that its contract publishes or proposes; the configuration file changes them. */
  readonly defaults: DialectSettings;
  readonly catalogue: Catalogue;
  routes(context: HttpContext): FastifyPluginAsync;
  /** Says an error in this dialect where no route was reached: broken HTTP, a URL that cannot be decoded or routed. */
  renderFault(error: GenlockError, requestId: string, url: string): WireReply;
  /** A new API key in the published shape. */
  mintKey(mode: Mode): string;
  /** Its routes in data, from the schemas that validate: for OpenAPI and the reference page. */
  describe?(): ApiDescription;
}
