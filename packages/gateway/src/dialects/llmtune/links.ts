import type { Core } from '../../gateway/core.ts';
import { publicBaseOf } from '../../http/public-base.ts';

/** The dialect's name in the core and its mount below the public URL. */
export const NAME = 'llmtune';
export const MOUNT = '/llmtune';

export function publicBase(core: Core): string {
  return publicBaseOf(core, NAME, MOUNT);
}
