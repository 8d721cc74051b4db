import type { FastifyRequest } from 'fastify';
import type { Core } from '../../gateway/core.ts';
import { MOUNT, NAME } from './links.ts';

/** Which of the dialect's two host names a request was sent to. If none is configured, any `Host` is accepted (contract section 1). */
export function hostPart(core: Core, { headers }: FastifyRequest): string | undefined {
  const { hosts } = core.config();
  if (hosts.size === 0) return undefined;
  const target = hosts.get((headers.host ?? '').replace(/:\d+$/, '').toLowerCase());
  return target?.dialect === NAME ? target.part : undefined;
}

/** The path below the mount, exactly as it was sent. */
export function pathOf({ url }: FastifyRequest): string {
  const query = url.indexOf('?');
  return url.slice(MOUNT.length, query === -1 ? undefined : query);
}
