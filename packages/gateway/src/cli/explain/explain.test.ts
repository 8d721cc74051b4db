import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalCodes, rowId } from '@genlock/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobBodyOf, replyOf } from '../../../../client/testing/bodies.ts';
import { launchWith, run } from '../testing.ts';
import { dialectNames, tongues } from './dialects.ts';
import { canonicalOf, explainAnswer, explainRow } from './explanation.ts';
import { findCode } from './find-code.ts';
import { readAnswer } from './http-text.ts';
import { recognise } from './recognise.ts';
import { renderExplanation } from './render.ts';

const rows = dialectNames.flatMap((dialect) =>
  tongues[dialect].catalogue.rows.map((row) => ({ dialect, row, id: `${dialect} ${rowId(row)}` })),
);

describe('every row of every table', () => {
  it.each(rows)(
    '$id is recognised by its body, read back to its row and put into words',
    ({ dialect, row }) => {
      const body = row.told === 'job' ? jobBodyOf(dialect, row) : JSON.parse(replyOf(dialect, row).body);
      expect(recognise(body)).toEqual([dialect]);
      const answer = readAnswer(JSON.stringify(body));
      const found = explainAnswer(dialect, answer);
      expect(found.map((one) => one.row)).toContain(row);
      for (const explanation of [...found, explainRow(dialect, row)]) {
        const { error } = explanation;
        if (canonicalOf(row).length > 0 && explanation.row === row)
          expect([...canonicalOf(row), 'upstream_failed']).toContain(error.code);
        expect(renderExplanation(explanation)).not.toMatch(/undefined|null|NaN/);
      }
    },
  );

  it.each(rows)('$id is found by its code', ({ dialect, row }) => {
    const named = { dialect, row };
    const found = findCode(row.code.toUpperCase(), dialect);
    expect(found.kind).toBe('wire');
    expect(found).toMatchObject({ rows: expect.arrayContaining([named]) });
    expect(findCode(rowId(row), dialect)).toMatchObject({ rows: expect.arrayContaining([named]) });
  });
});

it.each(canonicalCodes)('%s is found in every dialect that has it', (code) => {
  const found = findCode(code);
  if (found.kind !== 'canonical') throw new Error(found.kind);
  expect(new Set(found.rows.map(({ dialect }) => dialect))).toEqual(new Set(dialectNames));
});

describe('an answer', () => {
  it('is read with its head, of several the last', () => {
    const text = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/2 429 \r\nretry-after: 7\r\nx-a: b: c\r\n\r\n{"a":1}';
    expect(readAnswer(text)).toEqual({
      status: 429,
      headers: { 'retry-after': '7', 'x-a': 'b: c' },
      body: { a: 1 },
    });
  });

  it('without a head is its body, JSON or not', () => {
    expect(readAnswer(' {"a":1}\n')).toEqual({ headers: {}, body: { a: 1 } });
    expect(readAnswer('<html>')).toEqual({ headers: {}, body: '<html>' });
  });
});

describe('genlock errors explain', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'genlock-explain-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const explain = (...args: string[]) => run(['errors', 'explain', ...args], { cwd: folder });
  const said = async (...args: string[]) => {
    const { code, stdout, stderr } = await explain(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const refused = async (...args: string[]) => {
    const { code, stdout, stderr } = await explain(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    return stderr;
  };
  const KIARA = '{"error":{"code":"insufficient_balance","message":"Not enough.","request_id":"req_9"}}';

  it('tells of a code what it is and what to do', async () => {
    const text = await said('insufficient_balance');
    expect(text).toMatch(/^kiara: insufficient_balance, HTTP 402\n/);
    expect(text).toMatch(/^canonical +insufficient_credits: /m);
    expect(text).toMatch(/^who acts +the caller/m);
    expect(text).toMatch(/^charged +no/m);
    expect(text).toMatch(/^do +top up the account.*advice: top_up/m);
    expect(text).toMatch(/^rehearse +genlock accounts create/m);
    expect(text).toContain('Genlock-Sandbox: error=insufficient_credits at=admit');
  });

  it('tells of a canonical code how each dialect says it, or one', async () => {
    const all = await said('queue_full');
    for (const dialect of dialectNames) expect(all).toMatch(new RegExp(`^${dialect} `, 'm'));
    expect(await said('storage_unavailable', '--dialect', 'kiara')).toMatch(
      /^kiara: service_unavailable, HTTP 503\n[\s\S]*"point":"store\.write"[\s\S]*error=storage_unavailable at=admit/,
    );
  });

  it('tells of a status who answers with it', async () => {
    expect(await said('402', '--dialect', 'skytells')).toMatch(/^skytells +402 +PAYMENT_REQUIRED /m);
  });

  it('reads an answer from its argument, a file and stdin', async () => {
    const text = await said(KIARA);
    expect(text).toMatch(/^message +Not enough\.\nrequest +req_9$/m);
    await writeFile(join(folder, 'answer.json'), KIARA);
    expect(await said('answer.json')).toBe(text);
    expect(await launchWith(['errors', 'explain', '-'], KIARA)).toMatchObject({ code: 0, stdout: text });
  });

  it('reads what curl -i prints', async () => {
    const text = `HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\n\r\n{"error":"rate_limit_exceeded","message":"m"}`;
    expect(await said(text)).toMatch(
      /^llmtune: rate_limit_exceeded, HTTP 429\n[\s\S]*after 7 s, as the answer says/,
    );
  });

  it('reads a page of a proxy, told whose it is', async () => {
    await writeFile(join(folder, 'page.html'), '<html>Bad gateway</html>');
    expect(await refused('page.html')).toMatch(/not a known error.*--dialect.*--status/);
    expect(await said('page.html', '--dialect', 'getimg', '--status', '502')).toMatch(
      /^getimg: no code, HTTP 502\n[\s\S]*charged +perhaps/,
    );
  });

  it('reads the failure at the end of a stream', async () => {
    const stream =
      'event: created\ndata: {"id":"gen_1"}\n\nevent: ended\ndata: {"id":"gen_1","object":"generation","status":"failed","error":{"code":"content_rejected","message":"m"}}\n\n';
    expect(await launchWith(['errors', 'explain', '-'], stream)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^native: content_rejected[\s\S]*advice: rewrite_prompt/),
    });
  });

  it('prints data', async () => {
    const { explanations } = JSON.parse(await said(KIARA, '--json'));
    expect(explanations).toEqual([
      expect.objectContaining({
        dialect: 'kiara',
        wire_code: 'insufficient_balance',
        status: 402,
        canonical: { code: 'insufficient_credits', summary: 'The account has too few credits.' },
        advice: 'top_up',
        retry: 'after_fix',
        blame: 'caller',
        may_have_been_charged: false,
        request_id: 'req_9',
      }),
    ]);
    expect(explanations[0].rehearse[0]).toMatchObject({ kind: 'command' });
  });

  it('says what it cannot explain, and what is near', async () => {
    expect(await refused('insuficient_balnce')).toBe(
      'genlock: there is no code "insuficient_balnce". Did you mean insufficient_balance? All of them: genlock errors\n',
    );
    expect(await refused('zzz')).toMatch(/there is no code "zzz"\. All of them/);
    expect(await refused('{"error":{"code":"not_found"}}')).toMatch(
      /can be an error of kiara, getimg: name one/,
    );
    expect(await refused('{"id":"gen_1","status":"succeeded"}')).toMatch(/not a known error/);
    expect(await refused('HTTP/1.1 200 OK\n\n{"id":"1"}', '--dialect', 'kiara')).toMatch(/nothing failed/);
    expect(await refused('none.json')).toMatch(/there is no file none\.json/);
    expect(await refused('{"error":{"code":"brand_new"}}', '--dialect', 'kiara')).toMatch(
      /the table of kiara has no "brand_new"\. Give its HTTP status/,
    );
    for (const args of [['x', '--dialect', 'nobody'], ['x', '--status', 'bad'], []])
      expect((await explain(...args)).code).toBe(2);
  });
});
