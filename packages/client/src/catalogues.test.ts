import { type CanonicalCode, canonicalCodes, skillsVideoPlaces } from '@genlock/contracts';
import { describe, expect, it } from 'vitest';
import { renderError as renderGetimg } from '../../gateway/src/dialects/getimg/errors.ts';
import { renderError as renderKiara } from '../../gateway/src/dialects/kiara/errors.ts';
import { renderError as renderLlmtune } from '../../gateway/src/dialects/llmtune/errors.ts';
import { renderError as renderSkillsVideo } from '../../gateway/src/dialects/skills-video/errors.ts';
import { renderError as renderSkytells } from '../../gateway/src/dialects/skytells/errors.ts';
import { GenlockError } from '../../gateway/src/domain/error.ts';
import type { WireReply } from '../../gateway/src/http/module.ts';
import { renderProblem } from '../../gateway/src/http/problem.ts';
import { expectUnderstood, meanings } from '../testing/agreement.ts';
import { jobBodyOf, replyOf } from '../testing/bodies.ts';
import { CATALOGUES, rowsTold } from '../testing/catalogues.ts';
import type { DialectName } from './error.ts';
import { parseErrorBody, parseFailure } from './index.ts';

describe('the tables of the client say what the catalogues say', () => {
  it.each(rowsTold('response'))('$id', ({ dialect, row }) => {
    const { status, headers, body } = replyOf(dialect, row);
    const error = parseErrorBody(dialect, { status, headers, body });
    expectUnderstood(error, row);
    expect([error.dialect, error.wireCode, error.status]).toEqual([dialect, row.code, row.status]);
    expect(error.retryAfterMs).toBe(row.retryAfter ? 7_000 : null);
  });

  it.each(rowsTold('job'))('$id', ({ dialect, row }) => {
    const error = parseFailure(dialect, jobBodyOf(dialect, row));
    if (error === undefined) throw new Error('no failure was seen');
    expectUnderstood(error, row);
    expect([error.generationId, error.status]).toEqual(['gen_1', null]);
  });
});

/** Everything that the server can answer, rendered by its own code. */
const RENDERERS: { readonly [name: string]: readonly [DialectName, (error: GenlockError) => WireReply] } = {
  kiara: ['kiara', (error) => renderKiara(error, 'req_1')],
  getimg: ['getimg', (error) => renderGetimg(error, 'req_1')],
  llmtune: ['llmtune', (error) => renderLlmtune(error, 'req_1')],
  native: ['native', (error) => renderProblem(error, 'req_1')],
  ...Object.fromEntries(
    (['create', 'create_timed', 'list', 'prediction', 'file', 'inference', 'elsewhere'] as const).map(
      (place) => [
        `skytells, ${place}`,
        ['skytells', (error: GenlockError) => renderSkytells(error, 'req_1', { place })],
      ],
    ),
  ),
  ...Object.fromEntries(
    skillsVideoPlaces.map((place) => [
      `skills-video, ${place}`,
      ['skills-video', (error: GenlockError) => renderSkillsVideo(error, 'req_1', place)],
    ]),
  ),
};

describe.each(Object.entries(RENDERERS))('what the server renders in %s', (_name, [dialect, render]) => {
  it.each(canonicalCodes)('%s is read as what its row means', (code: CanonicalCode) => {
    const thrown = new GenlockError(code, 'What happened.', { param: 'seed', retryAfterMs: 3_000 });
    const { status, headers, body } = render(thrown);
    const error = parseErrorBody(dialect, { status, headers, body: body as string });
    const row = CATALOGUES[dialect].find(
      (one) => one.code === error.wireCode && one.status === status && one.told === 'response',
    );
    if (row === undefined) throw new Error(`no row for ${status} ${body}`);
    expectUnderstood(error, row);
    expect(meanings(row)).toContain(code);
    expect([error.requestId, error.status]).toEqual(['req_1', status]);
    expect(error.retryAfterMs).toBe(row.retryAfter ? 3_000 : null);
    if (dialect === 'native')
      expect([error.code, error.message, error.param]).toEqual([code, 'What happened.', 'seed']);
  });
});
