import Type from 'typebox';
import { MAX_WINDOW } from '../../domain/circuit.ts';
import { KINDS } from '../../domain/request.ts';
import { count, duration, factor } from '../fields.ts';
import { closed, optional } from './shapes.ts';

export const retries = Type.Object(
  {
    max_attempts: optional(
      count(
        'Attempts of one generation, over all its routes together. Those that a restart broke off do not count.',
        4,
        1,
        100,
      ),
    ),
    attempts_per_route: optional(count('Attempts on one route before the next route is tried.', 3, 1, 100)),
    base_delay: optional(
      duration(
        'Upper limit of the random wait before the second attempt. It doubles with each attempt.',
        '500ms',
        '0ms',
        '1h',
      ),
    ),
    max_delay: optional(duration('Upper limit of the wait before any attempt.', '30s', '0ms', '1h')),
    max_cost: optional(
      factor(
        'A route with a `cost` is used for a call only if the cost is at most this many times the caller’s quote.',
        1,
      ),
    ),
  },
  closed('What happens after a failed attempt at a provider.'),
);

export const routeHealth = Type.Object(
  {
    window: optional(count('How many of the last outcomes of a route count.', 20, 1, MAX_WINDOW)),
    min_calls: optional(
      count('With fewer outcomes than this, failures do not open a route.', 5, 1, MAX_WINDOW),
    ),
    failure_ratio: optional(
      Type.Number({
        description: 'With this share of failures, a route opens: it is left alone.',
        examples: [0.5],
        minimum: 0.01,
        maximum: 1,
      }),
    ),
    forget_after: optional(
      duration('Outcomes are forgotten when no other followed for this long.', '1m', '1s', '1d'),
    ),
    open_for: optional(
      duration('How long a route is left alone at first. It doubles each time.', '15s', '10ms', '1h'),
    ),
    max_open: optional(duration('The longest time that failures keep a route open.', '5m', '10ms', '1d')),
    broken_for: optional(
      duration(
        'How long a route is left alone when its key is refused or the account at the provider is empty.',
        '5m',
        '10ms',
        '1d',
      ),
    ),
    rest_for: optional(
      duration(
        'How long a route rests after a rate limit, if the provider does not say how long.',
        '1s',
        '0ms',
        '1h',
      ),
    ),
  },
  closed('When a failing route is left alone, so that the other routes serve its calls.'),
);

const share = (description: string, example: number) =>
  Type.Number({
    description: `${description} From 0.01 to 1.`,
    examples: [example],
    minimum: 0.01,
    maximum: 1,
  });

export const worker = Type.Object(
  {
    concurrency: optional(
      count(
        'Places: generations that one process works on at a time, by calling a provider or handling its files.',
        128,
        1,
        100_000,
      ),
    ),
    followed: optional(
      count(
        'Generations that one process has under way at a time, including those that only wait for their provider’s next poll or in a rehearsed delay. Each takes memory and a lease that is renewed. At least `concurrency`.',
        1024,
        1,
        100_000,
      ),
    ),
    account_share: optional(
      share('The largest share of `concurrency` and `followed` that one account may have.', 0.9),
    ),
    test_share: optional(
      share('The largest share of `concurrency` and `followed` that all test keys together may have.', 0.5),
    ),
    lease: optional(
      duration(
        'How long after a crash another process waits before it takes up the work.',
        '10s',
        '100ms',
        '10m',
      ),
    ),
  },
  closed('The part of a process that runs generations.'),
);

const deadline = (kind: string) =>
  optional(
    duration(
      `A generation of kind ${kind} fails after this time, whatever a provider says.`,
      '10m',
      '1ms',
      '7d',
    ),
  );

export const deadlines = Type.Object(
  {
    image: deadline(KINDS[0]),
    video: deadline(KINDS[1]),
    speech: deadline(KINDS[2]),
    text: deadline(KINDS[3]),
    batch: deadline(KINDS[4]),
    training: deadline(KINDS[5]),
  },
  closed('How long a generation may take, by its kind.'),
);
