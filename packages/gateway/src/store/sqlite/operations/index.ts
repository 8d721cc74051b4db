import type { Connection } from '../connection.ts';
import { admit } from './admit.ts';
import { beginAttempt } from './begin-attempt.ts';
import { changeModelOverride } from './change-model-override.ts';
import { claim } from './claim.ts';
import { claimDeliveries } from './claim-deliveries.ts';
import { confirmTopUp } from './confirm-top-up.ts';
import { createAccount } from './create-account.ts';
import { createAsset } from './create-asset.ts';
import { createEndpoint } from './create-endpoint.ts';
import { createKey } from './create-key.ts';
import { createPendingTopUp } from './create-pending-top-up.ts';
import { deleteEndpoint } from './delete-endpoint.ts';
import { deleteGeneration } from './delete-generation.ts';
import { noteProgress } from './note-progress.ts';
import { noteUpstreamId } from './note-upstream-id.ts';
import { postpone } from './postpone.ts';
import { recordAudit } from './record-audit.ts';
import { recordDelivery } from './record-delivery.ts';
import { redeliver } from './redeliver.ts';
import { releaseLeases } from './release-leases.ts';
import { removeExpiredAssets } from './remove-expired-assets.ts';
import { renewLeases } from './renew-leases.ts';
import { resolveAttempt } from './resolve-attempt.ts';
import { settle } from './settle.ts';
import { topUp } from './top-up.ts';
import { updateAccount } from './update-account.ts';
import { updateEndpoint } from './update-endpoint.ts';
import { updateKey } from './update-key.ts';
import { replaceWebhookSecret, webhookSecret } from './webhook-secret.ts';

/** Every write operation, by the name under which it is sent to the writer's thread. */
export const operations = {
  admit,
  beginAttempt,
  changeModelOverride,
  claim,
  claimDeliveries,
  confirmTopUp,
  createAccount,
  createAsset,
  createEndpoint,
  createKey,
  createPendingTopUp,
  deleteEndpoint,
  deleteGeneration,
  noteProgress,
  noteUpstreamId,
  postpone,
  recordAudit,
  recordDelivery,
  redeliver,
  releaseLeases,
  removeExpiredAssets,
  renewLeases,
  replaceWebhookSecret,
  resolveAttempt,
  settle,
  topUp,
  updateAccount,
  updateEndpoint,
  updateKey,
  webhookSecret,
};

export type Operations = typeof operations;
export type OperationName = keyof Operations;
export type CommandOf<Name extends OperationName> = Parameters<Operations[Name]>[1];
export type ResultOf<Name extends OperationName> = ReturnType<Operations[Name]>;

/** One operation on its way to the writer. */
export interface Task<Name extends OperationName = OperationName> {
  readonly name: Name;
  readonly command: CommandOf<Name>;
}

export function perform(db: Connection, task: Task): unknown {
  // The types of name and command were matched when the task was made, and each operation only sees its own commands.
  const operation = operations[task.name] as (db: Connection, command: unknown) => unknown;
  return operation(db, task.command);
}
