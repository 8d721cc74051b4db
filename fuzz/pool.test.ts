import { expect, it } from 'vitest';
import { diceOf } from './dice.ts';
import { Pool } from './pool.ts';

it('gives no id of somebody else for an own one, although the operator is shown it', () => {
  const other = 'gen_01J00000000000000000000000';
  const own = 'gen_01J11111111111111111111111';
  const pool = new Pool('http://127.0.0.1:1');
  pool.addOther('native', { id: other });
  pool.harvest('admin', '/admin/v1/generations', { data: [{ id: other }, { id: own }] });
  const dice = diceOf(1, 1);
  expect(new Set(Array.from({ length: 100 }, () => pool.ownId(dice, 'admin')))).toEqual(new Set([own]));
});
