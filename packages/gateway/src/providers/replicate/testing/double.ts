import { type FileServer, startFileServer } from '../../upstream/testing/file-server.ts';
import { type Act, type HttpDouble, type Seen, startHttpDouble } from '../../upstream/testing/http-double.ts';
import { type FileOrder, makeFile } from '../../upstream/testing/make-file.ts';

export const KEY = 'r8_double0123456789abcdef';

export interface ReplicateDouble extends HttpDouble {
  readonly baseUrl: string;
  readonly files: FileServer;
  /** Number of predictions accepted, each of which costs money. */
  readonly bought: () => number;
  /** The ids of canceled predictions. */
  readonly canceled: () => readonly string[];
  /** The inputs of the last prediction. */
  readonly input: () => Readonly<Record<string, unknown>>;
  /** Holds predictions unfinished until it is called. */
  release(): void;
  /** Makes the next prediction end like this instead of succeeding. */
  ends(how: { readonly status: string; readonly error?: string; readonly output?: unknown }): void;
}

/** One state is not in the API's documentation, and they come in an unusual order. */
const STATES = ['starting', 'processing', 'warming_up', 'starting'];

interface Job {
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Promise<unknown>;
  readonly end?: { readonly status: string; readonly error?: string; readonly output?: unknown };
  polls: number;
  status: string;
}

/** Replicate on loopback, with the files on another host. `hold`: nothing ends before `release`. */
export async function startReplicateDouble({ hold = false } = {}): Promise<ReplicateDouble> {
  const files = await startFileServer();
  const jobs = new Map<string, Job>();
  const endings: NonNullable<Job['end']>[] = [];
  let held = hold;

  const answer = (seen: Seen): Act | Promise<Act> => {
    if (seen.headers.authorization !== `Bearer ${KEY}`)
      return problem(401, 'Unauthenticated', 'You did not pass a valid authentication token');
    if (seen.method === 'POST' && seen.path.endsWith('/cancel')) return cancel(idIn(seen.path));
    if (seen.method === 'POST' && seen.path === '/v1/files')
      return { status: 201, body: { id: 'file-1', urls: { get: `${double.url}/v1/files/file-1` } } };
    if (seen.method === 'POST' && /^\/v1\/(?:.+\/)?predictions$/.test(seen.path)) return create(seen);
    return get(idIn(seen.path));
  };

  const create = ({ json }: Seen): Act => {
    if (typeof json.input.prompt !== 'string' && typeof json.input.text !== 'string')
      return problem(422, 'Input validation failed', '- input: prompt is required\n');
    const id = `p${jobs.size + 1}`;
    const end = endings.shift();
    const output = make(json.input);
    jobs.set(id, { input: json.input, output, polls: 0, status: 'starting', ...(end && { end }) });
    return { status: 201, body: { id, status: 'starting', input: json.input, output: null, error: null } };
  };

  const make = async (input: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const file = await makeFile(orderOf(input));
    const count = Number(input.num_outputs ?? 1);
    if ('text' in input) return { audio: files.add(file), transcript: input.text };
    if ('duration' in input) return files.add(file, 1);
    return Array.from({ length: count }, () => files.add(file, 1));
  };

  const get = async (id: string): Promise<Act> => {
    const job = jobs.get(id);
    if (job === undefined) return problem(404, 'Not found', 'The requested resource could not be found.');
    const ended = !held && job.polls >= STATES.length;
    if (job.status !== 'canceled')
      job.status = ended ? (job.end?.status ?? 'succeeded') : (STATES[job.polls] ?? 'processing');
    job.polls += 1;
    const output = job.status === 'succeeded' ? (job.end?.output ?? (await job.output)) : null;
    const error = ended ? (job.end?.error ?? null) : null;
    const logs = `Using seed: 1\n  ${25 * Math.min(4, job.polls)}%|##        | 1/4`;
    return {
      body: { id, status: job.status, input: job.input, output, error, logs, metrics: { predict_time: 2.5 } },
    };
  };

  const cancel = (id: string): Act => {
    const job = jobs.get(id);
    if (job === undefined) return problem(404, 'Not found', 'The requested resource could not be found.');
    job.status = 'canceled';
    return { body: { id, status: 'canceled' } };
  };

  const double = await startHttpDouble(answer);
  return {
    ...double,
    baseUrl: `${double.url}/v1`,
    files,
    bought: () => jobs.size,
    canceled: () => [...jobs].filter(([, { status }]) => status === 'canceled').map(([id]) => id),
    input: () => [...jobs.values()].at(-1)?.input ?? {},
    release: () => {
      held = false;
    },
    ends: (how) => void endings.push(how),
    close: async () => {
      await double.close();
      await files.close();
    },
  };
}

const idIn = (path: string): string => path.split('/')[3] ?? '';

function orderOf(input: Readonly<Record<string, unknown>>): FileOrder {
  const { text, prompt, width, height, duration, output_format: format } = input;
  const kind = text !== undefined ? 'speech' : duration !== undefined ? 'video' : 'image';
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  return {
    kind,
    text: String(text ?? prompt),
    ...(kind === 'video' ? frameOf(input) : { width: number(width), height: number(height) }),
    seconds: number(duration),
    format: typeof format === 'string' ? format : undefined,
  };
}

/** `480p` and `16:9` as width and height. */
function frameOf({ resolution, aspect_ratio: shape }: Readonly<Record<string, unknown>>) {
  const lines = Number.parseInt(String(resolution), 10);
  const [w = 1, h = 1] = String(shape).split(':').map(Number);
  return {
    width: Math.round((lines * Math.max(w / h, 1)) / 2) * 2,
    height: Math.round(lines * Math.max(h / w, 1)),
  };
}

function problem(status: number, title: string, detail: string): Act {
  return { status, body: { title, detail, status } };
}
