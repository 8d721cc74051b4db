import type { CanonicalCode } from '@genlock/contracts';
import type { DialectSettings } from '../config/config.ts';
import type { Generation } from '../domain/generation.ts';
import type { Kind } from '../domain/request.ts';
import type { Asset, PublishedModel } from '../store/port.ts';
import type { WebhookScheme } from '../webhooks/port.ts';
import type { Core } from './core.ts';
import type { Model } from './models/model.ts';

/** A generation with what it produced. */
export interface GenerationView {
  readonly generation: Generation;
  readonly assets: readonly Asset[];
}

/** Points in the life of a generation that a dialect may announce by webhook. */
export type Moment = 'admitted' | 'started' | 'ended';

/** A webhook before its receivers are known. `body` takes the delivery's id and returns the exact bytes. */
export interface WireEvent {
  readonly event: string;
  body(deliveryId: string, createdAt: number): string;
}

/** What the core has to know of a wire contract. All the rest stays in the dialect's folder. */
export interface Dialect {
  readonly name: string;
  readonly models: readonly Model[];
  /** Takes the kind, because contracts form ids of different kinds of work differently. */
  newGenerationId(now: number, kind: Kind): string;
  newAssetId(now: number): string;
  newDeliveryId(now: number): string;
  /**
   * Whether moderation refuses at submission or ends the job. A contract's error catalogue may have no error for a refusal at submission.
   */
  readonly moderation: 'at_submission' | 'in_the_job';
  /** Lack of credits and refused content are reported before a full slot. By default slots come first. */
  readonly slotsLast?: boolean;
  /** Provider objections for which the contract has an error at submission. */
  readonly tellable: readonly CanonicalCode[];
  /** The events of a moment; empty if the contract lists none. Takes the core because bodies contain links, credits and results. */
  events(
    core: Core,
    moment: Moment,
    view: GenerationView,
  ): readonly WireEvent[] | Promise<readonly WireEvent[]>;
  /** The contract allows work without a key. It then runs in the house account. */
  readonly hasHouse?: boolean;
  /** The inputs on which its prices may depend. Absent: any input of a model. */
  readonly pricedBy?: readonly string[];
  /** The events to which a receiver set up for an account can subscribe. Empty if a webhook URL can only come with a job. */
  readonly endpointEvents: readonly string[];
  /** Whether webhooks whose URL comes with a job are signed with one secret per account and mode. */
  readonly accountSecret: boolean;
  /** The model that a succeeded generation made, in contracts that have such models. */
  publishes?(view: GenerationView): PublishedModel | undefined;
  webhookScheme(settings: DialectSettings): WebhookScheme;
}
