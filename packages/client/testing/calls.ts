import { type AnyFetchOptions, createFetch, type DialectName, GenerationError } from '../src/index.ts';
import type { BadServer, Behaviour } from './bad-server.ts';

/** The path of a paid call in each dialect. */
export const CREATE: { readonly [D in DialectName]: string } = {
  kiara: '/kiara/v1/generations',
  getimg: '/v2/images/generations',
  skytells: '/v1/predictions',
  llmtune: '/v1/chat/completions',
  'skills-video': '/api/v1/generation/google/veo-3.1',
  native: '/v1/generations',
};

export interface Result {
  readonly posts: number;
  readonly paid: number;
  /** The status, the canonical code of the error, or the name of another error. */
  readonly end: unknown;
}

/** Calls a misbehaving server without real waits; `slept` contains the waits of the last call. */
export function callerOf(server: BadServer) {
  const slept: number[] = [];
  const call = async (
    dialect: DialectName,
    behaviours: readonly Behaviour[],
    options: Partial<AnyFetchOptions<DialectName>> = {},
    init: RequestInit = { method: 'POST', body: '{"prompt":"x"}' },
    path = CREATE[dialect],
    closed = 0,
  ): Promise<Result> => {
    slept.length = 0;
    server.next(...behaviours);
    server.closeNext(closed);
    const sleep = async (ms: number) => void slept.push(ms);
    const send = createFetch({ dialect, random: () => 0.5, sleep, ...options });
    const end = await send(server.url + path, init).then(
      (response) => response.status,
      (thrown: unknown) =>
        GenerationError.isInstance(thrown) ? thrown.code : thrown instanceof Error ? thrown.name : thrown,
    );
    return { posts: server.arrivals.length, paid: server.paid(), end };
  };
  return { call, slept };
}
