import { expect, it } from 'vitest';
import { meaningOf } from '../upstream/testing/complaint.ts';
import { failures } from './failures.ts';
import { complaints } from './testing/replies.ts';

it.each(complaints)('an answer that is no success is read: %s', (_, answer, ...meaning) => {
  expect(meaningOf(answer, failures)).toEqual(meaning);
});
