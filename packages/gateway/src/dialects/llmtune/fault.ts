import { GenlockError } from '../../domain/error.ts';
import type { WireReply } from '../../http/module.ts';
import { strayOf } from './endpoints.ts';
import { renderError } from './errors.ts';
import { MOUNT } from './links.ts';

/** Renders an error if no route was reached. Below `/api`, a path that cannot be decoded also counts as one of the web application. */
export function renderFault(error: GenlockError, requestId: string, url: string): WireReply {
  if (error.code !== 'route_not_found') return renderError(error, requestId);
  const { code } = strayOf(url.slice(MOUNT.length));
  return renderError(new GenlockError(code), requestId);
}
