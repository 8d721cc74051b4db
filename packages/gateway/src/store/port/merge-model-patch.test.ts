import { expect, it } from 'vitest';
import { mergeModelPatch } from './merge-model-patch.ts';

const current = { status: 'paused', billable: false, inputField: 'video' } as const;

it('changes what is named and leaves the rest', () => {
  expect(mergeModelPatch(current, { billable: true, routes: [] })).toEqual({
    status: 'paused',
    billable: true,
    inputField: 'video',
    routes: [],
  });
});

it('takes one field back with null, and all with one null', () => {
  expect(mergeModelPatch(current, { status: null })).toEqual({ billable: false, inputField: 'video' });
  expect(mergeModelPatch(current, null)).toEqual({});
  expect(current.status).toBe('paused');
});

it('takes null for a value of the input field', () => {
  expect(mergeModelPatch(current, { inputField: null })).toMatchObject({ inputField: null });
});
