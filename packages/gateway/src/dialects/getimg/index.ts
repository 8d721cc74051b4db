import { getimgCatalogue } from '@genlock/contracts';
import type { DialectSettings } from '../../config/config.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { newId } from '../../gateway/ids.ts';
import { randomAlphanumeric } from '../../gateway/random-text.ts';
import type { DialectModule } from '../../http/module.ts';
import { describe } from './describe.ts';
import { renderError, tellable } from './errors.ts';
import { MOUNT, NAME } from './links.ts';
import { models } from './models.ts';
import { routes } from './routes.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The contract's numbers: sections 7 (how long files are kept) and 10 (limits). It has no webhooks, uploads, credits or packs. */
const defaults: DialectSettings = {
  assetTtlMs: DAY_MS,
  limits: { requests_per_minute: 60, video_requests_per_minute: 20, concurrent: 5 },
  creditUsd: 1_000_000,
  webhook: { timeoutMs: 10_000, retries: 0, intervalMs: 1_000 },
  upload: { maxBytes: 1, maxPixels: 1 },
  packs: [],
  host: null,
};

const dialect: Dialect = {
  name: NAME,
  models,
  newGenerationId: (now) => newId('req-', now),
  newAssetId: (now) => newId('asset_', now),
  newDeliveryId: (now) => newId('evt_', now),
  moderation: 'at_submission',
  slotsLast: true,
  tellable,
  events: () => [],
  pricedBy: ['resolution', 'sound'],
  endpointEvents: [],
  accountSecret: false,
  webhookScheme: () => ({ timeoutMs: 0, nextDelayMs: () => undefined, headers: () => ({}) }),
};

export const getimg: DialectModule = {
  dialect,
  mount: MOUNT,
  defaults,
  catalogue: getimgCatalogue,
  routes: (context) => routes(context, dialect),
  renderFault: renderError,
  describe,
  mintKey: () => `sk_${randomAlphanumeric(48)}`,
};
