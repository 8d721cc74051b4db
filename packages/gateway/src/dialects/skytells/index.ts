import { randomUUID } from 'node:crypto';
import { skytellsCatalogue } from '@genlock/contracts';
import type { DialectSettings } from '../../config/config.ts';
import { MICROS_PER_USD } from '../../domain/money.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { newId } from '../../gateway/ids.ts';
import { randomAlphanumeric } from '../../gateway/random-text.ts';
import type { DialectModule } from '../../http/module.ts';
import { describe } from './describe.ts';
import { renderError, tellable } from './errors.ts';
import { events } from './events.ts';
import { MOUNT, NAME } from './links.ts';
import { models } from './models.ts';
import { placeOf } from './place.ts';
import { routes } from './routes.ts';
import { webhookScheme } from './webhook-scheme.ts';

/** The contract's numbers: sections 5 (output URLs), 7 (credits), 8 (webhooks), 10 (limits). It has no uploads and no packs. */
const defaults: DialectSettings = {
  assetTtlMs: 300_000,
  limits: { requests_per_minute: 60, concurrent: 5 },
  creditUsd: MICROS_PER_USD,
  webhook: { timeoutMs: 10_000, retries: 4, intervalMs: 5_000 },
  upload: { maxBytes: 10_000_000, maxPixels: 50_000_000 },
  packs: [],
  canceledAs: 'cancelled',
  host: null,
};

const dialect: Dialect = {
  name: NAME,
  models,
  newGenerationId: () => randomUUID(),
  // Random, because links with this id need no key and so must not be guessable.
  newAssetId: () => randomUUID(),
  newDeliveryId: (now) => newId('evt_', now),
  // "Safety runs during serving": a refusal is a failed prediction (section 9.4).
  moderation: 'in_the_job',
  tellable,
  events,
  endpointEvents: [],
  accountSecret: true,
  webhookScheme,
};

export const skytells: DialectModule = {
  dialect,
  mount: MOUNT,
  defaults,
  catalogue: skytellsCatalogue,
  routes: (context) => routes(context, dialect),
  renderFault: (error, requestId, url) => renderError(error, requestId, { place: placeOf(url) }),
  describe,
  mintKey: () => `sk-${randomAlphanumeric(32)}`,
};
