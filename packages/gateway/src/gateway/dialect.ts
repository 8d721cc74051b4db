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

/** Points in the life of a generation that a dialect may tell by webhook. */
export type Moment = 'admitted' | 'started' | 'ended';

/** A webhook before it has receivers: `body` gets the delivery's own id and gives the exact bytes. */
export interface WireEvent {
  readonly event: string;
  body(deliveryId: string, createdAt: number): string;
}

/** What the core has to know of a wire contract. Everything else about it stays in the dialect's folder. */
export interface Dialect {
  readonly name: string;
  readonly models: readonly Model[];
  /** Contracts name different kinds of work differently. */
  newGenerationId(now: number, kind: Kind): string;
  newAssetId(now: number): string;
  newDeliveryId(now: number): string;
  /** Whether moderation is told at submission or ends the job: the catalogue of a contract may have no word for the first. */
  readonly moderation: 'at_submission' | 'in_the_job';
  /** Credits and safety are told before full slots; by default slots come first. */
  readonly slotsLast?: boolean;
  /** Objections of a provider that the contract can tell at submission. */
  readonly tellable: readonly CanonicalCode[];
  /** The events of a moment; empty when the contract lists none. Bodies hold links, credits and results, hence the core. */
  events(
    core: Core,
    moment: Moment,
    view: GenerationView,
  ): readonly WireEvent[] | Promise<readonly WireEvent[]>;
  /** It lets nobody in particular ask for work, which an account of the house then does. */
  readonly hasHouse?: boolean;
  /** The inputs that its prices can depend on; absent: whatever a model takes. */
  readonly pricedBy?: readonly string[];
  /** What receivers that are set up per account may ask for; empty where a URL can only come with a job. */
  readonly endpointEvents: readonly string[];
  /** Whether it signs with one secret per account and mode: the webhooks whose URL comes with a job. */
  readonly accountSecret: boolean;
  /** The model that a succeeded generation made, where a contract has such. */
  publishes?(view: GenerationView): PublishedModel | undefined;
  webhookScheme(settings: DialectSettings): WebhookScheme;
}
