import type { FaultBoard } from '../faults/board.ts';
import type { Core, SecretBox } from '../gateway/core.ts';
import type { DialectModule } from '../http/module.ts';

/** What the operator's API needs. `seal` and `open` protect webhook secrets in the store. */
export interface AdminContext extends SecretBox {
  readonly core: Core;
  readonly modules: readonly DialectModule[];
  /** The token that its callers must have. */
  readonly token: string;
  /** Whether faults can be set. */
  readonly emulator: boolean;
  readonly faults: FaultBoard;
}
