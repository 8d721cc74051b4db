import Type from 'typebox';
import { cidr, pattern, text } from '../fields.ts';
import { closed, optional } from './shapes.ts';

export const moderation = Type.Object(
  {
    words: optional(
      Type.Array(text('A word or phrase.', 'forbidden'), {
        description: 'Words that no prompt may contain.',
        maxItems: 10_000,
      }),
    ),
    patterns: optional(
      Type.Array(
        pattern('A JavaScript regular expression, with its flags in front: `(?i)…`.', '(?i)forbidden words?'),
        {
          description: 'Regular expressions that no prompt may match.',
          maxItems: 1000,
        },
      ),
    ),
  },
  closed('Prompts that are refused before any provider sees them.'),
);

export const outbound = Type.Object(
  {
    allow: optional(
      Type.Array(cidr('An address or network.', '10.0.0.0/8'), {
        description:
          'Networks that outbound calls may reach over http and https, in addition to public addresses over https.',
        maxItems: 1000,
      }),
    ),
  },
  closed('Calls to addresses that callers name, for input files and webhooks.'),
);

export const trustedProxies = Type.Array(cidr('An address or network.', '10.0.0.1/32'), {
  description: 'Reverse proxies whose X-Forwarded-For header gives the address of the caller.',
  maxItems: 1000,
});
