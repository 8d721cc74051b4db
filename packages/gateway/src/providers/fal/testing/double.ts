import { type FileServer, startFileServer } from '../../upstream/testing/file-server.ts';
import { type Act, type HttpDouble, type Seen, startHttpDouble } from '../../upstream/testing/http-double.ts';
import { type FileOrder, makeFile } from '../../upstream/testing/make-file.ts';

export const KEY = 'fal-double-0123:456789abcdef';

export interface FalDouble extends HttpDouble {
  readonly files: FileServer;
  /** Number of requests accepted, each of which costs money. */
  readonly bought: () => number;
  readonly canceled: () => readonly string[];
  /** The input of the last request. */
  readonly input: () => Readonly<Record<string, unknown>>;
  /** Holds requests unfinished until it is called. */
  release(): void;
  /** Replaces the result of the next request. */
  ends(result: Act): void;
}

/** One state is not in the API's documentation, and they come in an unusual order. */
const STATES = ['IN_QUEUE', 'IN_PROGRESS', 'WARMING_UP', 'IN_QUEUE'];

interface Job {
  readonly input: Readonly<Record<string, unknown>>;
  readonly result: Promise<Act>;
  polls: number;
  canceled: boolean;
}

/** fal's queue on loopback, with the files on another host. `hold`: nothing ends before `release`. */
export async function startFalDouble({ hold = false } = {}): Promise<FalDouble> {
  const files = await startFileServer();
  const jobs = new Map<string, Job>();
  const endings: Act[] = [];
  let held = hold;

  const answer = (seen: Seen): Act | Promise<Act> => {
    if (seen.headers.authorization !== `Key ${KEY}`)
      return { status: 401, body: { detail: 'No user found for Key ID and Secret' } };
    if (seen.method === 'POST') return create(seen);
    const [, id = '', what] = /\/requests\/([^/]+)(?:\/(status|cancel))?$/.exec(seen.path) ?? [];
    const job = jobs.get(id);
    if (job === undefined) return { status: 404, body: { status: 'NOT_FOUND' } };
    if (what === 'cancel') return cancel(job);
    return what === 'status' ? status(job) : job.result;
  };

  const create = ({ json, path }: Seen): Act => {
    if (typeof json.prompt !== 'string' && typeof json.text !== 'string')
      return {
        status: 422,
        body: { detail: [{ loc: ['body', 'prompt'], msg: 'field required', type: 'missing' }] },
      };
    const id = `r${jobs.size + 1}`;
    const ending = endings.shift();
    jobs.set(id, { input: json, result: Promise.resolve(ending ?? make(json)), polls: 0, canceled: false });
    const link = `${double.url}/${path.split('/').slice(1, 3).join('/')}/requests/${id}`;
    return {
      body: {
        status: 'IN_QUEUE',
        request_id: id,
        response_url: link,
        status_url: `${link}/status`,
        cancel_url: `${link}/cancel`,
        queue_position: 0,
      },
    };
  };

  const make = async (input: Readonly<Record<string, unknown>>): Promise<Act> => {
    const order = orderOf(input);
    const made = await makeFile(order);
    const file = { url: files.add(made, order.kind === 'speech' ? 0 : 1), content_type: made.contentType };
    if (order.kind === 'speech') return { body: { audio: file, duration_ms: 900 } };
    if (order.kind === 'video')
      return { body: { video: file, thumbnail: { url: `${files.url}/t.png`, content_type: 'image/png' } } };
    const images = Array.from({ length: Number(input.num_images ?? 1) }, () => ({
      ...file,
      url: files.add(made, 1),
    }));
    const headers = { 'x-fal-billable-units': '1.5' };
    return {
      headers,
      body: { images, seed: 1, has_nsfw_concepts: images.map(() => false), prompt: input.prompt },
    };
  };

  const status = (job: Job): Act => {
    const ended = !held && job.polls >= STATES.length;
    const state = ended ? 'COMPLETED' : (STATES[job.polls] ?? 'IN_PROGRESS');
    job.polls += 1;
    return { status: ended ? 200 : 202, body: { status: state } };
  };

  const cancel = (job: Job): Act => {
    job.canceled = true;
    return { status: 202, body: { status: 'CANCELLATION_REQUESTED' } };
  };

  const double = await startHttpDouble(answer);
  return {
    ...double,
    files,
    bought: () => jobs.size,
    canceled: () => [...jobs].filter(([, { canceled }]) => canceled).map(([id]) => id),
    input: () => [...jobs.values()].at(-1)?.input ?? {},
    release: () => {
      held = false;
    },
    ends: (result) => void endings.push(result),
    close: async () => {
      await double.close();
      await files.close();
    },
  };
}

function orderOf(input: Readonly<Record<string, unknown>>): FileOrder {
  const {
    text,
    prompt,
    image_size: size,
    duration,
    output_format: format,
    resolution,
    aspect_ratio: shape,
  } = input;
  const words = String(text ?? prompt);
  if (text !== undefined) return { kind: 'speech', text: words };
  if (duration === undefined) {
    const { width, height } = (size ?? {}) as { readonly width?: number; readonly height?: number };
    return {
      kind: 'image',
      text: words,
      width,
      height,
      format: typeof format === 'string' ? format : undefined,
    };
  }
  const lines = Number.parseInt(String(resolution), 10);
  const [w = 1, h = 1] = String(shape).split(':').map(Number);
  const side = (part: number): number => Math.round((lines * Math.max(part, 1)) / 2) * 2;
  return { kind: 'video', text: words, width: side(w / h), height: side(h / w), seconds: Number(duration) };
}
