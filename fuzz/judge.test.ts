import { describe, expect, it } from 'vitest';
import type { Operation } from './documents.ts';
import type { Draft } from './draft.ts';
import { type Court, judge } from './judge.ts';
import type { Keyring } from './keyring.ts';
import { leakFinder } from './leaks.ts';
import { Pool } from './pool.ts';

const operation: Operation = {
  name: 'kiara post /v1/generations',
  api: 'kiara',
  method: 'POST',
  path: '/kiara/v1/generations',
  parameters: [],
  body: {},
  open: false,
  answers: new Map(),
};
const pool = new Pool('http://gateway.test');
pool.addOther('kiara', { id: 'gen_of_the_other' });
const keyring = { secrets: ['kiara_live_key'], other: 'acct_other' } as unknown as Keyring;
const court: Court = {
  host: 'gateway.test',
  mounts: [['/kiara', 'kiara']],
  leak: leakFinder(keyring, pool),
  described: () => [],
  foreign: ['gen_of_the_other'],
};

function verdict(
  status: number,
  body: unknown,
  { headers = [], ...changes }: Partial<Draft> & { headers?: [string, string][] } = {},
): readonly string[] {
  const draft: Draft = {
    operation,
    asker: { who: 'own', headers: [], known: true },
    method: 'POST',
    path: operation.path,
    query: '',
    headers: [],
    body: undefined,
    chunked: false,
    manner: 'whole',
    intact: true,
    ...changes,
  };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const reply = {
    status,
    headers: [['content-type', 'application/json'] as const, ...headers],
    body: Buffer.from(text),
    faults: [],
  };
  return judge(court, draft, reply).map(({ promise, seen }) => `${promise}: ${seen}`);
}

const error = (code: string, message = 'No.') => ({ error: { code, message, request_id: 'req_1' } });
const steered = { body: Buffer.from('{"prompt":"[[sandbox error=upstream_unavailable]]"}') };

describe('the judge', () => {
  it('lets pass what is promised', () => {
    expect(verdict(202, { id: 'gen_1' })).toEqual([]);
    expect(verdict(404, error('not_found'))).toEqual([]);
    expect(verdict(429, error('rate_limited'), { headers: [['retry-after', '1']] })).toEqual([]);
    expect(
      verdict(503, error('service_unavailable'), { ...steered, headers: [['retry-after', '1']] }),
    ).toEqual([]);
    expect(verdict(200, {}, { operation: { ...operation, open: true }, asker: stranger })).toEqual([]);
    expect(
      verdict(404, error('not_found', 'No gen_of_the_other.'), { path: '/kiara/gen_of_the_other' }),
    ).toEqual([]);
  });

  const stranger = { who: 'nobody', headers: [], known: false };
  it.each<[string, () => readonly string[]]>([
    ['5xx', () => verdict(503, error('service_unavailable'), { headers: [['retry-after', '1']] })],
    ['5xx', () => verdict(502, '<h1>Bad gateway</h1>', steered)],
    ['shape', () => verdict(400, { message: 'no' })],
    ['shape', () => verdict(400, error('not_found'))],
    ['without Retry-After', () => verdict(429, error('rate_limited'))],
    ['nothing without a key', () => verdict(200, {}, { asker: stranger })],
    ["somebody else's: 200", () => verdict(200, {}, { path: '/kiara/v1/generations/gen_of_the_other' })],
    ["secrets: somebody else's", () => verdict(200, { data: [{ id: 'gen_of_the_other' }] })],
    ["secrets: somebody else's", () => verdict(200, { prompt: 'an umbrella that belongs to the other one' })],
    ['secrets: a key', () => verdict(400, error('invalid_request', 'kiara_live_key is odd'))],
    ['secrets: a key', () => verdict(200, {}, { headers: [['x-echo', 'kiara_live_key']] })],
    ['insides', () => verdict(400, error('invalid_request', 'TypeError: x is not a function'))],
    ['insides', () => verdict(400, error('invalid_request', 'ENOENT: /tmp/genlock/x'))],
    ['insides', () => verdict(200, { text: 'x\n    at run (/a/b.ts:1:2)' })],
    ['insides', () => verdict(400, error('invalid_request', 'OpenAI said no'))],
    ['well-formed', () => verdict(200, '{"a":')],
    ['well-formed', () => verdict(200, {}, { headers: [['x-injected', 'yes']] })],
    [
      'well-formed',
      () =>
        verdict(
          200,
          {},
          {
            headers: [
              ['access-control-allow-origin', 'https://evil.test'],
              ['access-control-allow-credentials', 'true'],
            ],
          },
        ),
    ],
  ])('finds %s', (found, told) => {
    expect(told().join('\n')).toContain(found);
  });
});
