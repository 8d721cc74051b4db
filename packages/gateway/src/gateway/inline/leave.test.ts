import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customer, M, movesOf, question } from '../../dialects/llmtune/testing.ts';
import { type Act, type HttpDouble, startHttpDouble } from '../../providers/upstream/testing/http-double.ts';
import { startTestGateway, type TestGateway } from '../../testing/gateway.ts';

const CHAT = 'POST /chat/completions';
const never = new Promise<never>(() => {});
const chunk = (delta: object) => `data: ${JSON.stringify({ choices: [{ delta, finish_reason: null }] })}\n\n`;

let act: Act;
let double: HttpDouble;
let gateway: TestGateway;
beforeEach(async () => {
  double = await startHttpDouble(() => act);
  const up = (more: string) => `{ type: openai-compatible, base_url: "${double.url}", api_key: sk-1${more} }`;
  gateway = await startTestGateway({
    config: `providers: { up: ${up('')}, own: ${up(', paid: false')} }\nmodels: { llmtune/${M}: { routes: [up/m] } }`,
  });
});
afterEach(async () => {
  await gateway.close();
  await double.close();
});

/** A call whose caller leaves once `until` has resolved. Returns the movements of its money after its end. */
async function leave(stream: boolean, until: (response: Promise<Response>) => Promise<unknown>) {
  const { id, key } = await customer(gateway);
  const patience = new AbortController();
  const response = fetch(`${gateway.url}/llmtune/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...question, max_tokens: 40, stream }),
    signal: patience.signal,
  });
  response.catch(() => {});
  await until(response);
  patience.abort();
  await expect.poll(() => movesOf(gateway, id)).toHaveLength(stream && act === written ? 3 : 2);
  const { body } = await gateway.admin('GET', '/attempts?outcome=outcome_unknown');
  return { moves: (await movesOf(gateway, id)).map((move) => move.split(' ')[0]), flagged: body.data };
}

const written: Act = { pieces: [chunk({ role: 'assistant' }), chunk({ content: 'Grey ' }), never] };
async function attemptsCounted(): Promise<string> {
  const response = await fetch(`${gateway.url}/metrics`, {
    headers: { authorization: `Bearer ${gateway.adminToken}` },
  });
  return (await response.text()).match(/^genlock_attempts_total.*$/gm)?.join('\n') ?? '';
}

describe('a caller who leaves after the call went out, before the first word', () => {
  it('pays nothing, and the operator sees what may have to be paid', async () => {
    const begun: Act = { pieces: [chunk({ role: 'assistant' }), never] };
    const cases = [
      { how: 'hang', stream: true, until: () => double.called(CHAT, 1) },
      { how: 'hang', stream: false, until: () => double.called(CHAT, 2) },
      { how: begun, stream: true, until: (response: Promise<Response>) => response },
    ] as const;
    for (const [n, { how, stream, until }] of cases.entries()) {
      act = how;
      const { moves, flagged } = await leave(stream, until);
      expect(moves).toEqual(['hold', 'release']);
      expect(flagged).toMatchObject([
        {
          ...{ provider: 'up', outcome: 'outcome_unknown', status: 'canceled' },
          error: { code: 'outcome_unknown', raw: expect.stringContaining('left before the first word') },
        },
        ...Array(n).fill({}),
      ]);
    }
    expect(await attemptsCounted()).toContain('outcome="outcome_unknown",code="outcome_unknown"} 3');
    expect(double.count(CHAT)).toBe(3);
  });

  it('leaves nothing to look at where the call costs nothing', async () => {
    await gateway.admin('PATCH', `/models/llmtune/${encodeURIComponent(M)}`, {
      routes: [{ provider: 'own', model: 'm' }],
    });
    for (const how of ['hang', { pieces: [chunk({ role: 'assistant' }), never] }] as const) {
      act = how;
      const before = double.count(CHAT);
      const { moves, flagged } = await leave(true, () => double.called(CHAT, before + 1));
      expect([moves, flagged]).toEqual([['hold', 'release'], []]);
    }
    expect(await attemptsCounted()).toContain('outcome="canceled"');
  });
});

it('a caller who leaves after words that he read pays for them, and nothing is open', async () => {
  act = written;
  const { moves, flagged } = await leave(true, async (response) => {
    const reader = ((await response).body ?? expect.fail('no body')).getReader();
    for (let text = ''; !text.includes('Grey'); ) {
      const { value } = await reader.read();
      text += Buffer.from(value ?? []).toString();
    }
  });
  expect([moves, flagged]).toEqual([['hold', 'capture', 'release'], []]);
});
