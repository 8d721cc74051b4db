import { createFetch, type DialectName, type Fetch, GenerationError } from '../src/index.ts';
import type { End, Kind } from './agreement.ts';

interface Example {
  readonly method: string;
  readonly path: string;
}
const get = (path: string): Example => ({ method: 'GET', path });
const post = (path: string): Example => ({ method: 'POST', path });

/** A call of each kind that a dialect has. */
const CALLS: { readonly [D in DialectName]: { readonly [kind in Kind]?: Example } } = {
  kiara: { free: get('/v1/balance'), keyed: post('/v1/generations'), keyless: post('/v1/other') },
  getimg: {
    free: get('/v2/models'),
    keyed: post('/v2/images/generations'),
    keyless: post('/v2/images/generations'),
  },
  skytells: { free: get('/v1/models'), keyless: post('/v1/predictions') },
  llmtune: {
    free: get('/v1/models'),
    keyed: post('/v1/batch/inference'),
    keyless: post('/v1/chat/completions'),
  },
  'skills-video': { free: get('/api/v1/balance'), keyless: post('/api/v1/generation/google/veo-3.1') },
  native: { free: get('/v1/balance'), keyed: post('/v1/generations') },
};

const KINDS = ['free', 'keyed', 'keyless'] as const;

/** Longer than any service asks to wait, so that only its answer decides. */
const PATIENCE_MS = 86_400_000;

/** What `createFetch` does if the same answer comes again and again, for each kind of call that a dialect has. */
export async function replay(
  dialect: DialectName,
  answer: Fetch,
  origin = 'http://service.test',
): Promise<readonly (readonly [Kind, End])[]> {
  const told: [Kind, End][] = [];
  for (const kind of KINDS) {
    const { method, path } = CALLS[dialect][kind] ?? {};
    if (method === undefined) continue;
    let sent = 0;
    const send = createFetch({
      dialect,
      attempts: 2,
      deadlineMs: PATIENCE_MS,
      optionalKeys: kind === 'keyed',
      sleep: async () => {},
      fetch: (input, init) => {
        sent += 1;
        return answer(input, init);
      },
    });
    const end = await send(`${origin}${path}`, { method, ...(method === 'POST' && { body: '{}' }) }).then(
      (): End => 'returned',
      (thrown: unknown): End => {
        if (GenerationError.isInstance(thrown) && thrown.code === 'outcome_unknown') return 'unknown';
        throw thrown;
      },
    );
    told.push([kind, sent > 1 ? 'repeated' : end]);
  }
  return told;
}
