import { kiaraCatalogue } from '@genlock/contracts';
import type { DialectSettings } from '../../config/config.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { newId } from '../../gateway/ids.ts';
import { randomAlphanumeric } from '../../gateway/random-text.ts';
import type { DialectModule } from '../../http/module.ts';
import { CREDIT } from './credits.ts';
import { describe } from './describe.ts';
import { renderError, tellable } from './errors.ts';
import { events } from './events.ts';
import { MOUNT, NAME } from './links.ts';
import { models } from './products.ts';
import { routes } from './routes.ts';
import { webhookScheme } from './webhook-scheme.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MICROS = 1_000_000;

/** The contract's numbers: sections 8 (retention), 9 (uploads), 12 (credits, packs), 13 (limits), 14 (webhooks). */
const defaults: DialectSettings = {
  assetTtlMs: 30 * DAY_MS,
  limits: { requests_per_minute: 60, reads_per_minute: 600, unfinished_jobs: 50 },
  creditUsd: CREDIT,
  webhook: { timeoutMs: 10_000, retries: 8, intervalMs: 30_000 },
  upload: { maxBytes: 10_000_000, maxPixels: 50_000_000 },
  packs: [10, 25, 50, 100, 250].map((usd) => ({ id: `pack_${usd}`, usd: usd * MICROS })),
  host: null,
};

const dialect: Dialect = {
  name: NAME,
  models,
  newGenerationId: (now) => newId('gen_', now),
  newAssetId: (now) => newId('asset_', now),
  newDeliveryId: (now) => newId('evt_', now),
  // The catalogue has no code for refusing a submission because of its content.
  moderation: 'in_the_job',
  tellable,
  events,
  pricedBy: ['image_quality', 'resolution', 'audio'],
  endpointEvents: [],
  accountSecret: true,
  webhookScheme,
};

export const kiara: DialectModule = {
  dialect,
  mount: MOUNT,
  defaults,
  catalogue: kiaraCatalogue,
  routes: (context) => routes(context, dialect),
  renderFault: renderError,
  describe,
  mintKey: (mode) => `kiara_${mode}_${randomAlphanumeric(32)}`,
};
