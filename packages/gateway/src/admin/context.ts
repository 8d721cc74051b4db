import type { FaultBoard } from '../faults/board.ts';
import type { Core, SecretBox } from '../gateway/core.ts';
import type { DialectModule } from '../http/module.ts';

/** What the operator's API works with. `seal` and `open` guard webhook secrets in the store. */
export interface AdminContext extends SecretBox {
  readonly core: Core;
  readonly modules: readonly DialectModule[];
  /** The one token that may call it. */
  readonly token: string;
  /** Whether faults can be set. */
  readonly emulator: boolean;
  readonly faults: FaultBoard;
}
