import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/config.ts';
import { audit } from '../gateway/audit.ts';
import type { Core } from '../gateway/core.ts';
import type { ConfigSource } from './config-source.ts';

/** Notes in the audit log when the configuration file was taken anew, with the parts that changed and none of their values. */
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
