import { type Dice, diceOf } from './dice.ts';
import { besides, type Operation } from './documents.ts';
import type { Mutation } from './draft.ts';
import { breaksHttp, type Draft } from './draft.ts';
import { bentLink } from './links.ts';
import { mutateHeaders } from './mutate-headers.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateBytes, mutateManner, mutateMethod } from './mutate-request.ts';
import { mutatePath, mutateQuery } from './mutate-url.ts';
import { bodyOf, plainRequest, type World } from './plain.ts';
import { rawBytes } from './raw-http.ts';
import type { GoodRequests } from './warm-up.ts';

/** Whose operations are called: those of customers, or those of the operator, which may take anything away from customers. */
export type Side = 'customers' | 'operator';

/** The request of case `n`: always the same for a seed and number, apart from ids and links that the server made. */
export function draftCase(world: World, good: GoodRequests, seed: number, n: number, side: Side): Draft {
  const dice = diceOf(seed, n);
  const draft =
    side === 'customers' && dice.chance(0.03)
      ? bentLink(world.pool, dice)
      : bentRequest(world, good, dice, chooseOperation(world, dice, side));
  if (dice.chance(0.015)) {
    draft.raw = rawBytes(dice, draft.path, world.host);
    draft.intact = false;
  }
  if (draft.raw !== undefined || breaksHttp(draft)) draft.manner = 'alone';
  return draft;
}

function chooseOperation({ apis }: World, dice: Dice, side: Side): Operation {
  if (dice.chance(0.03)) return dice.one(besides);
  const chosen =
    side === 'operator'
      ? apis.filter(({ name }) => name === 'admin')
      : apis.filter(({ name }) => name !== 'admin');
  const { operations } = dice.one(chosen);
  return dice.weighted(
    operations
      // Left out, because its purpose is to break the server for everybody.
      .filter(({ name }) => name !== 'admin post /faults')
      .map((one) => [Object.keys(one.body).length > 0 ? 4 : 1, one]),
  );
}

function bentRequest(world: World, good: GoodRequests, dice: Dice, operation: Operation): Draft {
  const asker = world.keyring.ask(dice, operation.api);
  const { draft, json } = plainRequest(world, dice, operation, asker);
  const times = dice.weighted([
    [2, 0],
    [6, 1],
    [3, 2],
    [1, 3],
  ]);
  const plan = Array.from({ length: times }, () => dice.weighted(mutationsFor(operation)));
  if (json !== undefined) {
    const known = good.get(operation.name) ?? [];
    const start = known.length > 0 && dice.chance(0.6) ? dice.one(known) : { path: draft.path, json };
    let value = start.json;
    for (const one of plan)
      if (one === 'json') value = mutateJson(dice, value, () => dice.one(world.badUrls));
    draft.path = start.path;
    draft.body = bodyOf(value);
  }
  const before = draft.method + draft.path;
  for (const mutate of plan) if (mutate !== 'json') mutate(dice, draft);
  const elsewhere = draft.headers.some(([name]) => /^host$/i.test(name));
  draft.intact = before === draft.method + draft.path && !elsewhere;
  return draft;
}

function mutationsFor(operation: Operation): readonly (readonly [number, Mutation | 'json'])[] {
  const hasBody = Object.keys(operation.body).length > 0;
  return [
    [hasBody ? 45 : 0, 'json'],
    [hasBody ? 8 : 1, mutateBytes],
    [8, mutatePath],
    [7, mutateQuery],
    [13, mutateHeaders],
    [4, mutateMethod],
    [2, mutateManner],
  ];
}
