import type { DialectName } from '@genlock/client';
import { rowId } from '@genlock/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { headersOf, ORDERS } from '../../../../client/testing/orders.ts';
import { waitForEnd } from '../../gateway/waiting/wait.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';
import { run } from '../testing.ts';
import { dialectNames, tongues } from './dialects.ts';
import { explainAnswer, explainRow } from './explanation.ts';
import { type Rehearsal, rehearsalsOf } from './rehearsal.ts';

let gateway: TestGateway;
const keys = new Map<DialectName, string>();
beforeAll(async () => {
  gateway = await startTestGateway();
  const limits = { requests_per_minute: 100_000, concurrent: 10_000, unfinished_jobs: 10_000 };
  for (const dialect of dialectNames)
    keys.set(dialect, (await gateway.customer({ dialect, credit_usd: '10000', key: { limits } })).key.key);
});
afterEach(() => gateway.admin('DELETE', '/faults'));
afterAll(() => gateway.close(0));

type Order = (typeof ORDERS)[DialectName];
/** The calls that a rehearsal can name, if they are not the dialect's usual order. */
const CALLS: Readonly<Record<string, Order>> = {
  'skytells an order for video or audio': {
    path: '/skytells/v1/predictions',
    body: { model: 'truefusion-video', input: { prompt: 'a boat' } },
  },
  'skytells a chat': {
    path: '/skytells/v1/chat/completions',
    body: { model: 'deepbrain-router', messages: [{ role: 'user', content: 'hi' }] },
  },
  'skills-video an order for a video': {
    path: '/skills-video/api/v1/generation/google/veo-3.1',
    body: { prompt: 'a boat' },
  },
  'skills-video an order for speech': {
    path: '/skills-video/api/v1/generation/minimax-tts/speech-02-hd',
    body: { text: 'hello' },
  },
};

const rehearsals = dialectNames.flatMap((dialect) =>
  tongues[dialect].catalogue.rows.flatMap((row) =>
    rehearsalsOf(explainRow(dialect, row)).map((rehearsal) => ({
      dialect,
      row,
      rehearsal,
      id: `${dialect} ${rowId(row)} by ${JSON.stringify(rehearsal)}`,
    })),
  ),
);
const of = <K extends Rehearsal['kind']>(kind: K, told: 'response' | 'job') =>
  rehearsals.flatMap(({ rehearsal, ...rest }) =>
    rehearsal.kind === kind && rest.row.told === told
      ? [{ ...rest, rehearsal: rehearsal as Extract<Rehearsal, { kind: K }> }]
      : [],
  );

function order(dialect: DialectName, on: string, steering?: string): Promise<Response> {
  const { path, body } = CALLS[`${dialect} ${on}`] ?? ORDERS[dialect];
  const headers = headersOf(keys.get(dialect), steering);
  return fetch(gateway.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function rowsOf(dialect: DialectName, response: Response) {
  const { status, headers } = response;
  const text = await response.text();
  const answer = { status, headers: Object.fromEntries(headers), body: JSON.parse(text) };
  return explainAnswer(dialect, answer).map(({ row }) => row && rowId(row));
}

describe('a row is told', () => {
  it.each(of('directive', 'response'))('$id', async ({ dialect, row, rehearsal }) => {
    const response = await order(dialect, rehearsal.on, rehearsal.directive);
    expect(await rowsOf(dialect, response)).toEqual([rowId(row)]);
  });

  const breaks = of('fault', 'response');
  const fault = ({ point, effect }: Rehearsal & { kind: 'fault' }) =>
    gateway.admin('POST', '/faults', { point, effect });

  it.each(breaks.filter(({ rehearsal }) => rehearsal.on === 'an order'))(
    '$id',
    async ({ dialect, row, rehearsal }) => {
      expect((await fault(rehearsal)).status).toBe(201);
      expect(await rowsOf(dialect, await order(dialect, rehearsal.on))).toEqual([rowId(row)]);
    },
  );

  it.each(breaks.filter(({ rehearsal }) => rehearsal.on === 'a read of a prediction'))(
    '$id',
    async ({ dialect, row, rehearsal }) => {
      const { id } = (await (await order(dialect, 'an order')).json()) as { id: string };
      await waitForEnd(gateway.core, id, 30_000);
      await fault(rehearsal);
      const headers = headersOf(keys.get(dialect));
      const response = await fetch(`${gateway.url}/skytells/v1/predictions/${id}`, { headers });
      expect(await rowsOf(dialect, response)).toEqual([rowId(row)]);
    },
  );
});

describe('a job fails', () => {
  const READS: { readonly [D in DialectName]?: string } = {
    kiara: '/kiara/v1/generations',
    'skills-video': '/skills-video/api/v1/generation',
    native: '/v1/generations',
  };
  const ORDER_OF: Readonly<Record<string, string>> = {
    VIDEO_GENERATION_CONTENT_REJECTED: 'an order for a video',
    TTS_GENERATION_CONTENT_REJECTED: 'an order for speech',
  };
  // One for each kind of order, because every canonical code takes the same path.
  const some = of('directive', 'job').filter(
    ({ dialect, row }) =>
      READS[dialect] !== undefined &&
      /^(?:content_rejected|generation_failed|\w+_CONTENT_REJECTED)$/.test(row.code),
  );
  it.each(some)('$id', async ({ dialect, row, rehearsal }) => {
    const made = await order(dialect, ORDER_OF[row.code] ?? rehearsal.on, rehearsal.directive);
    const { id } = (await made.json()) as { id: string };
    await waitForEnd(gateway.core, id, 30_000);
    const read = await fetch(`${gateway.url}${READS[dialect]}/${id}`, {
      headers: headersOf(keys.get(dialect)),
    });
    expect(await rowsOf(dialect, read)).toEqual([rowId(row)]);
  });
});

it('has a way to every row but those that only a misuse of some other call tells', () => {
  const without = dialectNames.flatMap((dialect) =>
    tongues[dialect].catalogue.rows
      .filter((row) => rehearsalsOf(explainRow(dialect, row)).length === 0)
      .map((row) => `${dialect} ${rowId(row)}`),
  );
  expect(without).toEqual([
    'skills-video RATE_LIMITED@429',
    'skytells INVALID_DATE_FORMAT@400',
    'skytells INVALID_DATE_RANGE@400',
    'skytells PREDICTION_ID_REQUIRED@400',
    'llmtune job_not_found@404',
    'llmtune batch_not_found@404',
  ]);
});

it('every command of a rehearsal is one of this program', async () => {
  const commands = of('command', 'response').filter(({ dialect }) => dialect === 'native');
  expect(commands.length).toBeGreaterThan(7);
  for (const { rehearsal, row } of commands) {
    // A new key each time, because revoking is final.
    const { id, key } = await gateway.customer({ dialect: 'native' });
    const [, ...args] = [...rehearsal.command.matchAll(/"[^"]*"|\S+/g)].map(([word]) =>
      word.replaceAll('"', ''),
    );
    const real = args.map((word) =>
      word.replace('<account>', id).replace('<key>', key.id).replace('<model>', 'genlock/video'),
    );
    const outcome = await run([...real, '--data', gateway.dataDir]);
    expect(outcome, row.code).toMatchObject({ code: 0, stderr: '' });
  }
});
