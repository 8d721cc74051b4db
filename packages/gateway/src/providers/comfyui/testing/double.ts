import { fileURLToPath } from 'node:url';
import { type Act, type HttpDouble, type Seen, startHttpDouble } from '../../upstream/testing/http-double.ts';
import { type FileOrder, makeFile } from '../../upstream/testing/make-file.ts';
import { Prompt } from './prompt.ts';

export const KEY = 'comfy-double-0123456789abcdef';

/** The path of a test workflow. */
const workflowFile = (name: string): string =>
  fileURLToPath(new URL(`./workflows/${name}.json`, import.meta.url));

/** The setting `workflows`; JSON is valid YAML. */
export const WORKFLOWS = JSON.stringify({
  painter: { file: workflowFile('painter') },
  film: { file: workflowFile('film'), fps: 2 },
  talker: { file: workflowFile('talker') },
});

export interface ComfyDouble extends HttpDouble {
  /** Number of prompts that were accepted. */
  readonly bought: () => number;
  readonly canceled: () => readonly string[];
  /** The names of the uploaded files. */
  readonly uploaded: readonly string[];
  /** The last prompt that was accepted. */
  readonly prompt: () => Prompt;
  /** Holds prompts in the queue until it is called. */
  release(): void;
  /** Makes the next prompt fail with this. */
  fails(exception: { readonly type: string; readonly message: string }): void;
  /** Accepts an order. */
  take(order: Seen): Act;
  /** Forgets everything, like a new process. */
  restart(): void;
}

/** How often the queue shows a prompt: once waiting, then running. */
const LOOKS = 3;

interface Job {
  readonly id: string;
  readonly prompt: Prompt;
  readonly files: Readonly<Record<string, readonly object[]>>;
  readonly failure?: { readonly type: string; readonly message: string } | undefined;
  looks: number;
  /** How often its end was reported. */
  told: number;
  interrupted: boolean;
}

/** ComfyUI on loopback, behind a proxy that requires a key. `hold`: nothing ends before `release`. */
export async function startComfyDouble({ hold = false } = {}): Promise<ComfyDouble> {
  const jobs = new Map<string, Job>();
  const orders = new Map<string, FileOrder>();
  const uploaded: string[] = [];
  const canceled: string[] = [];
  const failures: { readonly type: string; readonly message: string }[] = [];
  const taken: Prompt[] = [];
  let held = hold;

  const answer = (seen: Seen): Act | Promise<Act> => {
    if (seen.headers.authorization !== `Bearer ${KEY}`)
      return { status: 401, body: { error: 'Unauthorized' } };
    const { method, path } = seen;
    if (method === 'GET' && path === '/queue') return queue();
    if (method === 'GET' && path.startsWith('/history/')) return history(path.split('/')[2] ?? '');
    if (method === 'GET' && path === '/view') return view(seen.query);
    if (path === '/prompt') return take(seen);
    if (path === '/upload/image') return upload(seen);
    if (path === '/queue') return remove(seen.json.delete);
    if (path === '/interrupt') return interrupt();
    return { status: 404, body: '404: Not Found' };
  };

  const take = ({ json }: Seen): Act => {
    const id = String(json.prompt_id);
    if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
      return refusal({ type: 'invalid_prompt_id', message: 'prompt_id must be a valid UUID' });
    if (jobs.has(id)) return { status: 409, body: { error: 'prompt_id already exists' } };
    const prompt = new Prompt(json.prompt);
    const complaint = prompt.complaint(uploaded);
    if (complaint !== undefined) return refusal(complaint);
    taken.push(prompt);
    const failure = failures.shift();
    jobs.set(id, { id, prompt, files: save(prompt), failure, looks: 0, told: 0, interrupted: false });
    return { body: { prompt_id: id, number: taken.length, node_errors: {} } };
  };

  const save = (prompt: Prompt): Job['files'] => {
    const order = prompt.order();
    const [list, extension] = PLACES[order.kind];
    const file = (type: string) => {
      const filename = `genlock_${String(orders.size).padStart(5, '0')}_.${extension}`;
      orders.set(filename, order);
      return { filename, subfolder: 'made', type };
    };
    const files = Array.from({ length: prompt.count }, () => file('output'));
    return { [list]: files, ...(order.kind === 'image' && { previews: [file('temp')] }) };
  };

  const queue = (): Act => {
    const open = [...jobs.values()].filter((job) => !ended(job));
    const row = ({ id }: Job) => [1, id, {}, { client_id: 'genlock' }, ['9']];
    const pending = open.filter(({ looks }) => looks === 0).map(row);
    const running = open.filter(({ looks }) => looks > 0).map(row);
    for (const job of open) job.looks += 1;
    return { body: { queue_running: running, queue_pending: pending } };
  };

  const ended = ({ looks, interrupted }: Job): boolean => interrupted || (!held && looks >= LOOKS);

  const history = (id: string): Act => {
    const job = jobs.get(id);
    if (job === undefined || !ended(job)) return { body: {} };
    job.told += 1;
    const { previews, ...saved } = job.files;
    const outputs =
      job.failure || job.interrupted ? {} : { '10': { images: previews }, '9': { ...saved, text: ['done'] } };
    return { body: { [id]: { prompt: [1, id, {}], outputs, status: statusOf(job) } } };
  };

  const view = async (query: URLSearchParams): Promise<Act> => {
    const order = orders.get(query.get('filename') ?? '');
    if (order === undefined || query.get('subfolder') !== 'made') return { status: 404 };
    const [format] = (query.get('preview') ?? order.format ?? 'png').split(';');
    const { bytes, contentType } = await makeFile({ ...order, format });
    return { headers: { 'content-type': contentType }, body: bytes };
  };

  const upload = async (seen: Seen): Promise<Act> => {
    const file = (await seen.form()).get('image');
    if (!(file instanceof File)) return { status: 400 };
    uploaded.push(file.name);
    return { body: { name: file.name, subfolder: '', type: 'input' } };
  };

  const remove = (ids: readonly string[]): Act => {
    for (const id of ids) if (jobs.get(id)?.looks === 0 && jobs.delete(id)) canceled.push(id);
    return {};
  };

  /** Like old servers, interrupts whatever is running. */
  const interrupt = (): Act => {
    for (const job of jobs.values())
      if (job.looks > 0 && !ended(job)) {
        job.interrupted = true;
        canceled.push(job.id);
      }
    return {};
  };

  const double = await startHttpDouble(answer);
  return {
    ...double,
    uploaded,
    bought: () => taken.length,
    canceled: () => canceled,
    prompt: () => taken.at(-1) ?? new Prompt({}),
    release: () => {
      held = false;
    },
    fails: (exception) => void failures.push(exception),
    take,
    restart: () => jobs.clear(),
  };
}

/** The list that shows a saved file of each kind, and the file's extension. */
const PLACES = { image: ['images', 'png'], video: ['images', 'mp4'], speech: ['audio', 'mp3'] } as const;

function refusal(error: object): Act {
  return { status: 400, body: { error: { details: '', extra_info: {}, ...error }, node_errors: {} } };
}

/** The first status is one that no known version has. */
function statusOf({ id, told, failure, interrupted }: Job): object {
  if (interrupted)
    return {
      status_str: 'error',
      completed: false,
      messages: [['execution_interrupted', { prompt_id: id }]],
    };
  if (failure !== undefined) {
    const data = {
      node_type: 'KSampler',
      exception_type: failure.type,
      exception_message: failure.message,
      traceback: ['  File "/opt/nodes.py", line 1\n'],
    };
    return {
      status_str: 'error',
      completed: false,
      messages: [
        ['execution_start', {}],
        ['execution_error', data],
      ],
    };
  }
  if (told === 1) return { status_str: 'saving', completed: false, messages: [] };
  return { status_str: 'success', completed: true, messages: [['execution_success', {}]] };
}
