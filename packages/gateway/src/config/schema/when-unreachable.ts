import Type from 'typebox';
import { CALL_LIMITS, WHEN_UNREACHABLE, type WhenUnreachable } from '../config.ts';
import { choice } from '../fields.ts';
import { closed } from './shapes.ts';

export const WHEN_UNREACHABLE_TEXT =
  'What to do with calls while the rate limiter cannot be reached: refuse them, or allow them uncounted.';

/** One choice for all limits on calls, or one for each. */
export const whenUnreachable = Type.Unsafe<
  WhenUnreachable | { readonly [limit in (typeof CALL_LIMITS)[number]]?: WhenUnreachable }
>({
  type: ['string', 'object'],
  pattern: `^(${WHEN_UNREACHABLE.join('|')})$`,
  'x-form': { kind: 'choice', values: WHEN_UNREACHABLE },
  properties: Object.fromEntries(
    CALL_LIMITS.map((name) => [name, choice(WHEN_UNREACHABLE, 'The same, for this limit alone.')]),
  ),
  ...closed(WHEN_UNREACHABLE_TEXT),
  examples: ['allow'],
});
