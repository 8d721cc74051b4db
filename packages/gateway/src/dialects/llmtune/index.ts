import { randomUUID } from 'node:crypto';
import { llmtuneCatalogue } from '@genlock/contracts';
import type { DialectSettings } from '../../config/config.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { newId } from '../../gateway/ids.ts';
import type { DialectModule } from '../../http/module.ts';
import { describe } from './describe.ts';
import { tellable } from './errors.ts';
import { EVENTS, events, publishes } from './events.ts';
import { renderFault } from './fault.ts';
import { mintKey } from './key.ts';
import { MOUNT, NAME } from './links.ts';
import { models } from './models.ts';
import { routes } from './routes.ts';
import { webhookScheme } from './webhook-scheme.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MICROS = 1_000_000;

/** The contract's numbers: sections 12 (webhooks) and 14 (limits). It has no credits, uploads or packs. */
const defaults: DialectSettings = {
  // The contract has no expiry, so results of batches and trained models are kept practically for ever.
  assetTtlMs: 3650 * DAY_MS,
  limits: { requests_per_minute: 60, concurrent: 20 },
  creditUsd: MICROS,
  webhook: { timeoutMs: 5_000, retries: 4, intervalMs: 1_000 },
  upload: { maxBytes: 0, maxPixels: 0 },
  packs: [],
  host: null,
};

const dialect: Dialect = {
  name: NAME,
  models,
  newGenerationId: (now, kind) => (kind === 'text' ? newId('chatcmpl-', now) : randomUUID()),
  newAssetId: (now) => newId('asset_', now),
  newDeliveryId: (now) => newId('evt_', now),
  moderation: 'at_submission',
  tellable,
  events,
  pricedBy: [],
  endpointEvents: EVENTS,
  accountSecret: true,
  publishes,
  webhookScheme,
};

export const llmtune: DialectModule = {
  dialect,
  mount: MOUNT,
  defaults,
  catalogue: llmtuneCatalogue,
  routes: (context) => routes(context, dialect),
  renderFault,
  mintKey,
  describe,
};
