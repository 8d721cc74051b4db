import { describe } from 'vitest';
import { describeAccounts } from './conformance/accounts.ts';
import { describeAdmission } from './conformance/admission.ts';
import { describeAssets } from './conformance/assets.ts';
import { describeAudit } from './conformance/audit.ts';
import { describeBacklog } from './conformance/backlog.ts';
import { describeConcurrency } from './conformance/concurrency.ts';
import { describeDeletion } from './conformance/deletion.ts';
import { describeDurability } from './conformance/durability.ts';
import { describeEndings } from './conformance/endings.ts';
import { describeEndpointEnds } from './conformance/endpoint-ends.ts';
import { describeFlaggedAttempts } from './conformance/flagged-attempts.ts';
import type { OpenStore } from './conformance/harness.ts';
import { describeIdempotency } from './conformance/idempotency.ts';
import { describeInline } from './conformance/inline.ts';
import { describeLedger } from './conformance/ledger.ts';
import { describeLists } from './conformance/lists.ts';
import { describeModels } from './conformance/models.ts';
import { describeMoney } from './conformance/money.ts';
import { describeNotices } from './conformance/notices.ts';
import { describeNumberedLists } from './conformance/numbered-lists.ts';
import { describePendingTopUps } from './conformance/pending-top-ups.ts';
import { describeSettle } from './conformance/settle.ts';
import { describeTurns } from './conformance/turns.ts';
import { describeUsage } from './conformance/usage.ts';
import { describeUsageSums } from './conformance/usage-sums.ts';
import { describeWakes } from './conformance/wakes.ts';
import { describeWebhooks } from './conformance/webhooks.ts';
import { describeWork } from './conformance/work.ts';

/**
 * The cases that every store must pass, written against the port alone. `open` gives an empty store each time; `reopen` closes a store and
 * opens the same data again, as a restart would.
 */
export function describeStore(name: string, open: OpenStore): void {
  describe(`${name} store`, () => {
    describeAccounts(open);
    describeAdmission(open);
    describeIdempotency(open);
    describeWork(open);
    describeTurns(open);
    describeInline(open);
    describeSettle(open);
    describeFlaggedAttempts(open);
    describeEndings(open);
    describeConcurrency(open);
    describeMoney(open);
    describeLedger(open);
    describePendingTopUps(open);
    describeLists(open);
    describeNumberedLists(open);
    describeUsage(open);
    describeUsageSums(open);
    describeDeletion(open);
    describeAssets(open);
    describeWebhooks(open);
    describeEndpointEnds(open);
    describeModels(open);
    describeNotices(open);
    describeWakes(open);
    describeBacklog(open);
    describeAudit(open);
    describeDurability(open);
  });
}
