import type { WebhookTarget } from '../../domain/generation.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Usage } from '../../domain/pricing.ts';
import type { GenerationRequest } from '../../domain/request.ts';
import type { IdempotencyClaim, SlotClaim } from '../../store/port.ts';
import type { Caller } from '../accounts/authenticate.ts';
import type { Dialect } from '../dialect.ts';
import type { Model } from '../models/model.ts';

/** A wire request in canonical form: the single command with which every dialect starts paid work. */
export interface Submission {
  readonly caller: Caller;
  readonly dialect: Dialect;
  readonly model: Model;
  /** The input as the dialect shows it, with defaults filled in. */
  readonly input: JsonObject;
  readonly request: GenerationRequest;
  /** The amount of work that is ordered, in the units of the price. */
  readonly usage: Usage;
  readonly slots: readonly SlotClaim[];
  readonly metadata?: JsonObject | null;
  readonly webhook?: WebhookTarget | null;
  readonly idempotency?: IdempotencyClaim | undefined;
  readonly retryOf?: string;
  /** It runs at once, in this process, while its caller waits (`inline/`). */
  readonly inline?: boolean;
}
