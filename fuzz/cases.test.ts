import { expect, it } from 'vitest';
import { draftCase } from './cases.ts';
import { APIS, type Api, type Operation } from './documents.ts';
import { piecesOf } from './draft.ts';
import type { Keyring } from './keyring.ts';
import type { World } from './plain.ts';
import { Pool } from './pool.ts';

const operation = (api: string): Operation => ({
  name: `${api} post /things/{id}`,
  api,
  method: 'POST',
  path: `/${api}/things/{id}`,
  parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 } }],
  body: {
    'application/json': {
      type: 'object',
      properties: { prompt: { type: 'string' }, count: { type: 'integer', minimum: 1, maximum: 4 } },
      required: ['prompt', 'count'],
    },
  },
  open: false,
  answers: new Map(),
});
const apis: readonly Api[] = APIS.map((name) => ({
  name,
  mount: `/${name}`,
  operations: [operation(name)],
  document: {},
}));
const usual = { who: 'own', headers: [], known: true };
const world: World = {
  host: 'gateway.test',
  apis,
  keyring: { ask: () => usual, usual: () => usual } as unknown as Keyring,
  pool: new Pool('http://gateway.test'),
  badUrls: ['file:///etc/passwd'],
  goodUrls: ['https://files.test/a.png'],
};

/** The bytes of many cases. */
function cases(seed: number): readonly string[] {
  return Array.from({ length: 400 }, (_, n) => {
    const draft = draftCase(world, new Map(), seed, n, 'customers');
    return Buffer.concat(piecesOf(draft, world.host)).toString('latin1');
  });
}

it('makes the same requests from the same seed, and others from another', () => {
  expect(cases(1)).toEqual(cases(1));
  expect(cases(2)).not.toEqual(cases(1));
  expect(new Set(cases(1)).size).toBeGreaterThan(350);
});

it('mostly says what the document asks for, and something wrong with it', () => {
  const bodies = cases(3).map((text) => text.split('\r\n\r\n')[1] ?? '');
  const plain = bodies.filter((body) => /^\{"prompt":"[^"]+","count":[1-4]\}$/.test(body));
  expect(plain.length).toBeGreaterThan(40);
  expect(plain.length).toBeLessThan(240);
});
