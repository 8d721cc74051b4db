import type { Provider } from '../providers/port.ts';
import type { Store } from '../store/port.ts';
import type { Log } from '../telemetry/log.ts';

export interface StartOptions {
  /** Folder of everything that is stored: database, files, secrets. Created if absent. */
  readonly dataDir: string;
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** Runs a local double: loopback URLs are allowed, faults can be set, back-off is short. */
  readonly emulator?: boolean;
  /** false: this process only answers requests, and another one runs the jobs. */
  readonly worker?: boolean;
  /** The start of links; by default the address that is listened on. */
  readonly publicUrl?: string;
  readonly configFile?: string;
  /** The configuration file may be absent; it is read as soon as it exists. */
  readonly configMayBeAbsent?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Providers used in place of configured ones of the same name. */
  readonly providers?: readonly Provider[];
  /** Wraps the store. */
  readonly store?: (own: Store) => Store;
  readonly log?: Log;
  readonly now?: () => number;
}
