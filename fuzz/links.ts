import type { Dice } from './dice.ts';
import type { Operation } from './documents.ts';
import type { Mutation } from './draft.ts';
import { type Draft, utf8 } from './draft.ts';
import { mutateHeaders } from './mutate-headers.ts';
import { mutateMethod } from './mutate-request.ts';
import { mutatePath, mutateQuery } from './mutate-url.ts';
import type { Pool } from './pool.ts';

/** A link that the server returned, unchanged or altered. */
export function bentLink(pool: Pool, dice: Dice): Draft {
  const link = pool.link(dice) ?? '/';
  const [path = '/', query] = link.split('?');
  const draft: Draft = {
    operation: LINK,
    asker: { who: 'nobody', known: false, headers: [] },
    method: dice.chance(0.1) ? 'HEAD' : 'GET',
    path: utf8(path),
    query: query === undefined ? '' : `?${query}`,
    headers: dice.chance(0.5) ? [['Range', 'bytes=1-5']] : [],
    body: undefined,
    chunked: false,
    manner: 'whole',
    intact: false,
  };
  const bend = dice.weighted<Mutation>([
    [2, () => {}],
    [4, mutatePath],
    [4, mutateHeaders],
    [4, forge],
    [1, mutateQuery],
    [1, mutateMethod],
  ]);
  bend(dice, draft);
  return draft;
}

/** Changes the seal, the expiry or the file name of a valid link. */
const forge: Mutation = (dice, draft) => {
  const digit = String(dice.whole(0, 9));
  if (dice.chance(0.5)) draft.query = draft.query.replaceAll(/\d/g, digit);
  else draft.path = draft.path.replace(/[a-f]/, digit);
};

const LINK: Operation = {
  name: 'link',
  api: 'beside',
  method: 'GET',
  path: '/',
  parameters: [],
  body: {},
  open: true,
  answers: new Map(),
};
