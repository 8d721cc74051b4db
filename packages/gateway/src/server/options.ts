import type { Provider } from '../providers/port.ts';
import type { Log } from '../telemetry/log.ts';

export interface StartOptions {
  /** Folder of everything that is kept: database, files, secrets. Made when absent. */
  readonly dataDir: string;
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** A local double: loopback URLs, faults, short back-off. */
  readonly emulator?: boolean;
  /** False: this process only answers requests; another one runs the jobs. */
  readonly worker?: boolean;
  /** What links start with; by default the address that is listened on. */
  readonly publicUrl?: string;
  readonly configFile?: string;
  /** The configuration file need not be there: it is taken as soon as it is. */
  readonly configMayBeAbsent?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** In place of the configured ones of the same name. */
  readonly providers?: readonly Provider[];
  readonly log?: Log;
  readonly now?: () => number;
}
