import { skillsVideoCatalogue } from '@genlock/contracts';
import type { DialectSettings } from '../../config/config.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { newId } from '../../gateway/ids.ts';
import { randomAlphanumeric } from '../../gateway/random-text.ts';
import type { DialectModule } from '../../http/module.ts';
import { CREDIT } from './credits.ts';
import { describe } from './describe.ts';
import { renderError } from './errors.ts';
import { EVENTS, events } from './events.ts';
import { MOUNT, NAME } from './links.ts';
import { models } from './models.ts';
import { MAX_MULTIPART } from './multipart.ts';
import { routes } from './routes.ts';
import { webhookScheme } from './webhook-scheme.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The contract's numbers: sections 10 (files are kept for three months), 3 (uploads), 9 (credits), 12 (webhooks). Its limits have no
 * published numbers (section 11.5), so those on tasks at once and on reads are ours; the latter is far above what the published poller
 * needs.
 */
const defaults: DialectSettings = {
  assetTtlMs: 90 * DAY_MS,
  limits: { concurrent: 20, reads_per_minute: 1200 },
  creditUsd: CREDIT,
  webhook: { timeoutMs: 15_000, retries: 7, intervalMs: 5_000 },
  upload: { maxBytes: MAX_MULTIPART, maxPixels: 50_000_000 },
  packs: [],
  host: null,
};

const dialect: Dialect = {
  name: NAME,
  models,
  newGenerationId: (now) => newId('gen_', now),
  newAssetId: (now) => newId('file_', now),
  newDeliveryId: (now) => newId('msg_', now),
  moderation: 'at_submission',
  // Only a backend that is known to be down is reported at once; a bad answer fails the task (section 11.3).
  tellable: ['upstream_unavailable'],
  events,
  endpointEvents: EVENTS,
  accountSecret: false,
  // Synchronous speech needs no key (section 1).
  hasHouse: true,
  webhookScheme,
};

export const skillsVideo: DialectModule = {
  dialect,
  mount: MOUNT,
  defaults,
  catalogue: skillsVideoCatalogue,
  routes: (context) => routes(context, dialect),
  renderFault: (error, requestId) => renderError(error, requestId, 'elsewhere'),
  // No prefix of keys is published, for either mode (section 1).
  mintKey: () => `sk_${randomAlphanumeric(40)}`,
  describe,
};
