import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/config.ts';
import { audit } from '../gateway/audit.ts';
import type { Core } from '../gateway/core.ts';
import type { ConfigSource } from './config-source.ts';

/** Writes an audit entry when the configuration file was read anew: the parts that changed, without their values. */
export function auditReloads(core: Core, source: ConfigSource, file: string | undefined): void {
  let previous = source.current();
  source.onChange((next) => {
    const before = previous;
    previous = next;
    const parts = Object.keys(next) as (keyof Config)[];
    const changed = parts.filter((part) => !isDeepStrictEqual(before[part], next[part]));
    void audit(core, {
      actor: `file:${basename(file ?? '')}`,
      client: null,
      address: null,
      requestId: null,
      action: 'config.change',
      target: '',
      outcome: 'done',
      detail: { changed },
    });
  });
}
