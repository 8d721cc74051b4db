import { canonicalCodes, nativeCatalogue } from '@genlock/contracts';
import type { DialectSettings } from '../../config/config.ts';
import type { Dialect } from '../../gateway/dialect.ts';
import { newId } from '../../gateway/ids.ts';
import { randomAlphanumeric } from '../../gateway/random-text.ts';
import type { DialectModule } from '../../http/module.ts';
import { renderProblem } from '../../http/problem.ts';
import { createStandardScheme } from '../../webhooks/signers/standard.ts';
import { describe } from './describe.ts';
import { MOUNT, NAME } from './links.ts';
import { models } from './models.ts';
import { routes } from './routes.ts';
import { EVENTS, events } from './webhook-events.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const defaults: DialectSettings = {
  assetTtlMs: 30 * DAY_MS,
  limits: { requests_per_minute: 120, reads_per_minute: 1200, unfinished_jobs: 100 },
  // Not shown: this API counts in dollars.
  creditUsd: 10_000,
  webhook: { timeoutMs: 15_000, retries: 7, intervalMs: 5_000 },
  upload: { maxBytes: 50_000_000, maxPixels: 50_000_000 },
  packs: [],
  host: null,
};

const dialect: Dialect = {
  name: NAME,
  models,
  newGenerationId: (now) => newId('gen_', now),
  newAssetId: (now) => newId('asset_', now),
  newDeliveryId: (now) => newId('evt_', now),
  moderation: 'at_submission',
  // It has an error for everything.
  tellable: canonicalCodes,
  events,
  pricedBy: ['size', 'resolution', 'sound'],
  endpointEvents: EVENTS,
  accountSecret: true,
  webhookScheme: ({ webhook }) => createStandardScheme(webhook),
};

/** Our own contract (docs/native.md): one API for every kind of work, which can also read what was made in other dialects. */
export const native: DialectModule = {
  dialect,
  mount: MOUNT,
  defaults,
  catalogue: nativeCatalogue,
  routes: (context) => routes(context, dialect),
  renderFault: renderProblem,
  describe,
  mintKey: (mode) => `gl_${mode}_${randomAlphanumeric(32)}`,
};
