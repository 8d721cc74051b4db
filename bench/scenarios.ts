import { twinPath } from './bare.ts';
import type { ServedGateway } from './gateway.ts';
import { type Call, rawRequest } from './load.ts';

/** One row: the requests, and the only status that their answers may have. */
export interface Scenario {
  readonly name: string;
  readonly status: number;
  /** Several requests are sent in turn. */
  readonly calls: readonly Call[];
  /** The target as a share of the bare program's rate. */
  readonly target?: number;
}

export const CREATE_BODY = JSON.stringify({
  prompt: 'a red mug on an oak table, morning light, 35 mm',
  aspect: 'square',
  seed: 7,
  metadata: { order: 'A-17' },
});

/** Enough callers that none reaches the limit on calls without a key (300 a minute each). */
const STRANGERS = 5_000;

const GENERATIONS = '/kiara/v1/generations';

/** A row whose answer needs a provider. */
export interface ProvidedRow {
  readonly name: string;
  readonly dialect: string;
  readonly worker: boolean;
  /** Whether it uses an upstream in a process of its own, and is compared with a bare proxy to the same. */
  readonly proxied: boolean;
  readonly call: Call;
  readonly target?: number;
}

export const PROVIDED: readonly ProvidedRow[] = [
  {
    name: 'chat, proxied whole',
    dialect: 'llmtune',
    worker: false,
    proxied: true,
    target: 0.75,
    call: {
      method: 'POST',
      path: '/llmtune/v1/chat/completions',
      body: JSON.stringify({
        model: 'meta-llama/Llama-3.3-70B-Instruct',
        messages: [{ role: 'user', content: 'Where does the red mug stand, and in what light?' }],
        max_tokens: 64,
        temperature: 0.2,
      }),
    },
  },
  {
    name: 'image, waited for',
    dialect: 'getimg',
    worker: true,
    proxied: false,
    call: {
      method: 'POST',
      path: '/getimg/v2/images/generations',
      body: JSON.stringify({ model: 'z-image-turbo', prompt: 'a red mug on an oak table' }),
    },
  },
];

/** Prepares accounts, keys and jobs, and returns the rows of the table. */
export async function prepareScenarios(gateway: ServedGateway): Promise<readonly Scenario[]> {
  const rich = await gateway.customer({ creditUsd: '1000000.00' });
  const poor = await gateway.customer();
  const limited = await gateway.customer({ creditUsd: '10.00', limits: { requests_per_minute: 1 } });
  const reader = await gateway.customer({ creditUsd: '1000.00' });

  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const create = (key: string): Call => ({
    method: 'POST',
    path: GENERATIONS,
    headers: bearer(key),
    body: CREATE_BODY,
  });
  const get = (path: string): Call => ({ method: 'GET', path, headers: bearer(reader.key) });

  const ids: string[] = [];
  for (let n = 0; n < 40; n += 1) ids.push(await createdId(gateway.port, create(reader.key)));
  await createdId(gateway.port, create(limited.key)); // takes the only token

  return [
    { name: 'create', status: 202, calls: [create(rich.key)], target: 0.6 },
    { name: 'read by id', status: 200, calls: ids.map((id) => get(`${GENERATIONS}/${id}`)) },
    { name: 'list, 20 a page', status: 200, calls: [get(GENERATIONS)] },
    {
      name: '401 no key',
      status: 401,
      target: 0.8,
      calls: strangers((from) => ({ method: 'POST', path: GENERATIONS, headers: from, body: CREATE_BODY })),
    },
    {
      name: '401 unknown key',
      status: 401,
      target: 0.8,
      calls: strangers((from, n) => ({
        method: 'GET',
        path: `${GENERATIONS}/${ids[0]}`,
        headers: { ...from, ...bearer(`kiara_live_${String(n).padStart(32, '0')}`) },
      })),
    },
    { name: '402 no credits', status: 402, target: 0.8, calls: [create(poor.key)] },
    {
      name: '404 unknown id',
      status: 404,
      target: 0.8,
      calls: [get(`${GENERATIONS}/gen_00000000000000000000000000`)],
    },
    { name: '404 unknown route', status: 404, target: 0.8, calls: [get('/kiara/v1/nope')] },
    { name: '429 rate limit', status: 429, target: 0.8, calls: [create(limited.key)] },
  ];
}

function strangers(call: (from: { 'x-forwarded-for': string }, n: number) => Call): Call[] {
  return Array.from({ length: STRANGERS }, (_, n) =>
    call({ 'x-forwarded-for': `10.0.${n >> 8}.${n & 255}` }, n),
  );
}

async function createdId(port: number, call: Call): Promise<string> {
  const { id } = JSON.parse((await answerTo(port, call)).body) as { id: string };
  return id;
}

export async function answerTo(
  port: number,
  { method, path, headers = {}, body }: Call,
): Promise<{ status: number; body: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, body: await response.text() };
}

export function bytesOf(scenario: Scenario): string[] {
  return scenario.calls.map(rawRequest);
}

/** The same requests for the bare program's route of that scenario. */
export function twinBytesOf({ calls, name }: Scenario): string[] {
  return calls.map((call) => rawRequest({ ...call, path: twinPath(name) }));
}
