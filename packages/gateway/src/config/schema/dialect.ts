import Type from 'typebox';
import { CANCELED_SPELLINGS } from '../config.ts';
import { choice, count, duration, header, host, size, text, usd } from '../fields.ts';
import { closed, optional } from './shapes.ts';
import { whenUnreachable } from './when-unreachable.ts';

const limits = Type.Object(
  {
    when_unreachable: optional(whenUnreachable),
    requests_per_minute: optional(
      count('Requests a minute; which ones count is the contract’s.', 60, 1, 1e9),
    ),
    reads_per_minute: optional(count('GET and HEAD requests a minute.', 600, 1, 1e9)),
    video_requests_per_minute: optional(
      count('Video submissions a minute, where the contract counts them apart.', 30, 1, 1e9),
    ),
    concurrent: optional(count('Generations not yet ended, where the contract limits them.', 10, 1, 1e9)),
    unfinished_jobs: optional(count('Generations queued or running.', 50, 1, 1e9)),
  },
  closed('Default limits of the dialect. A key’s own value wins over its account’s, and that over these.'),
);

const webhook = Type.Object(
  {
    retries: optional(count('Attempts after the first.', 8, 0, 100)),
    interval: optional(duration('Time between attempts.', '30s', '1ms', '7d')),
    timeout: optional(duration('How long one attempt may take.', '10s', '1ms', '10m')),
    timestamp_header: optional(header('The header that carries the time of signing.', 'X-Kiara-Timestamp')),
    signature_header: optional(header('The header that carries the signature.', 'X-Kiara-Signature')),
  },
  closed('How webhooks are sent.'),
);

const upload = Type.Object(
  {
    max_bytes: optional(size('The largest file that is taken.', '10MB', '1B', '1GB')),
    max_pixels: optional(count('The largest picture that is taken: width times height.', 50_000_000, 1, 1e9)),
  },
  closed('Caps on uploaded files.'),
);

const pack = Type.Object(
  {
    id: text('The name by which callers buy it.', 'pack_10'),
    usd: usd('What it costs and credits.', '10.00', true),
  },
  closed('Something that callers can buy.'),
);

export const dialect = Type.Object(
  {
    asset_ttl: optional(duration('How long produced and uploaded files live.', '30d', '1ms', '3650d')),
    credit_usd: optional(usd('What one credit of the dialect is worth.', '0.01', true)),
    limits: optional(limits),
    webhook: optional(webhook),
    upload: optional(upload),
    packs: optional(
      Type.Array(pack, { description: 'Top-up packs; the list replaces the default one.', maxItems: 100 }),
    ),
    canceled_as: optional(
      choice(
        CANCELED_SPELLINGS,
        'Skytells only: how the status of a cancellation is spelled. Its SDKs need `cancelled`, its command line `canceled`.',
      ),
    ),
  },
  closed('Settings of one dialect; what is left out keeps the default of its contract.'),
);

/** One host name, or one for each part of a dialect that has two. */
export const hosts = Type.Unsafe<string | Readonly<Record<string, string>>>({
  ...host('The host name at whose root the dialect is served.', 'kiara.example.com'),
  type: ['string', 'object'],
  properties: {
    api: host('The host name of the generation API.', 'api.example.com'),
    dashboard: host('The host name of the dashboard API.', 'example.com'),
  },
  additionalProperties: false,
});
