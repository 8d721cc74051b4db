import Type from 'typebox';
import { CANCELED_SPELLINGS } from '../config.ts';
import { choice, count, duration, header, host, size, text, usd } from '../fields.ts';
import { closed, optional } from './shapes.ts';
import { whenUnreachable } from './when-unreachable.ts';

const limits = Type.Object(
  {
    when_unreachable: optional(whenUnreachable),
    requests_per_minute: optional(
      count('Requests per minute. The contract decides which requests count.', 60, 1, 1e9),
    ),
    reads_per_minute: optional(count('GET and HEAD requests per minute.', 600, 1, 1e9)),
    video_requests_per_minute: optional(
      count('Video submissions per minute, where the contract counts them separately.', 30, 1, 1e9),
    ),
    concurrent: optional(
      count('Generations that have not ended, where the contract limits them.', 10, 1, 1e9),
    ),
    unfinished_jobs: optional(count('Generations that are queued or running.', 50, 1, 1e9)),
  },
  closed('Default limits of the dialect. A key’s value overrides its account’s, which overrides these.'),
);

const webhook = Type.Object(
  {
    retries: optional(count('Attempts to deliver a webhook after the first.', 8, 0, 100)),
    interval: optional(duration('Time between two attempts.', '30s', '1ms', '7d')),
    timeout: optional(duration('How long one attempt may take.', '10s', '1ms', '10m')),
    timestamp_header: optional(header('The header that carries the time of signing.', 'X-Kiara-Timestamp')),
    signature_header: optional(header('The header that carries the signature.', 'X-Kiara-Signature')),
  },
  closed('How webhooks are sent.'),
);

const upload = Type.Object(
  {
    max_bytes: optional(size('Size of the largest file that is accepted.', '10MB', '1B', '1GB')),
    max_pixels: optional(
      count('Pixels (width times height) of the largest picture that is accepted.', 50_000_000, 1, 1e9),
    ),
  },
  closed('Caps on uploaded files.'),
);

const pack = Type.Object(
  {
    id: text('The name that callers use to buy the pack.', 'pack_10'),
    usd: usd('What the pack costs, which is also what it credits.', '10.00', true),
  },
  closed('A pack that callers can buy.'),
);

export const dialect = Type.Object(
  {
    asset_ttl: optional(duration('How long produced and uploaded files are kept.', '30d', '1ms', '3650d')),
    credit_usd: optional(usd('What one credit of the dialect is worth.', '0.01', true)),
    limits: optional(limits),
    webhook: optional(webhook),
    upload: optional(upload),
    packs: optional(
      Type.Array(pack, { description: 'Top-up packs. The list replaces the default list.', maxItems: 100 }),
    ),
    canceled_as: optional(
      choice(
        CANCELED_SPELLINGS,
        'Skytells only: how the status of a canceled prediction is spelled. Its SDKs need `cancelled`, its command line needs `canceled`.',
      ),
    ),
  },
  closed('Settings of one dialect. A setting that is left out keeps the default of the contract.'),
);

/** One host name, or one for each part of a dialect with two parts. */
export const hosts = Type.Unsafe<string | Readonly<Record<string, string>>>({
  ...host('The host name at whose root the dialect is served.', 'kiara.example.com'),
  type: ['string', 'object'],
  properties: {
    api: host('The host name of the generation API.', 'api.example.com'),
    dashboard: host('The host name of the dashboard API.', 'example.com'),
  },
  additionalProperties: false,
});
