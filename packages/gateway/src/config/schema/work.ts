import Type from 'typebox';
import { MAX_WINDOW } from '../../domain/circuit.ts';
import { KINDS } from '../../domain/request.ts';
import { count, duration, factor } from '../fields.ts';
import { closed, optional } from './shapes.ts';

export const retries = Type.Object(
  {
    max_attempts: optional(count('Attempts of one generation, over all its routes.', 4, 1, 100)),
    attempts_per_route: optional(count('Attempts at one route before the next is tried.', 3, 1, 100)),
    base_delay: optional(
      duration('The longest wait before the second attempt; it doubles each time.', '500ms', '0ms', '1h'),
    ),
    max_delay: optional(duration('The longest wait before any attempt.', '30s', '0ms', '1h')),
    max_cost: optional(
      factor(
        'A route with a `cost` is used for a call only up to so many times what the caller was quoted.',
        1,
      ),
    ),
  },
  closed('What happens after a failed attempt at a provider.'),
);

export const routeHealth = Type.Object(
  {
    window: optional(count('How many of the last outcomes count.', 20, 1, MAX_WINDOW)),
    min_calls: optional(count('With fewer outcomes than these nothing is concluded.', 5, 1, MAX_WINDOW)),
    failure_ratio: optional(
      Type.Number({
        description: 'With this share of failures a route opens: it is left alone.',
        examples: [0.5],
        minimum: 0.01,
        maximum: 1,
      }),
    ),
    forget_after: optional(
      duration('Outcomes count no more when none followed for so long.', '1m', '1s', '1d'),
    ),
    open_for: optional(
      duration('How long a route is left alone; twice as long each time.', '15s', '10ms', '1h'),
    ),
    max_open: optional(duration('The longest that failures keep a route open.', '5m', '10ms', '1d')),
    broken_for: optional(
      duration('How long, when its key is refused or the account there is empty.', '5m', '10ms', '1d'),
    ),
    rest_for: optional(
      duration('How long it rests after a rate limit that does not say how long.', '1s', '0ms', '1h'),
    ),
  },
  closed('When a route that fails is left alone, so that the others serve what it would have failed.'),
);

export const worker = Type.Object(
  {
    concurrency: optional(count('Generations that one process runs at a time.', 128, 1, 100_000)),
    lease: optional(duration('How long a crashed process’s work stays untouched.', '10s', '100ms', '10m')),
  },
  closed('The part of a process that runs generations.'),
);

const deadline = (kind: string) =>
  optional(
    duration(`After this a ${kind} generation is failed, whatever a provider says.`, '10m', '1ms', '7d'),
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
  closed('How long a generation may take, by kind.'),
);
