import { GenerationError } from '../../error.ts';
import { isObject, type JsonObject, parseJson, text } from '../../json.ts';
import { errorIn } from '../../parse.ts';
import type { JobSource, WaitOptions } from '../job-source.ts';
import type { CallOptions } from '../options.ts';
import { IDLE_MS, readText } from '../read-pieces.ts';
import { readEvents } from '../sse-reader.ts';
import { segment, type Transport } from '../transport.ts';
import { endOf, waitFor } from '../wait-for.ts';
import { orderBody } from './order-body.ts';
import type {
  SkillsVideoCompletedTask,
  SkillsVideoCreatedTask,
  SkillsVideoInput,
  SkillsVideoModelId,
  SkillsVideoStatus,
  SkillsVideoTask,
  SkillsVideoTaskEvent,
} from './types.ts';

export interface SkillsVideoGenerations {
  /** For `waitFor(skillsVideo.generations, id)`. */
  readonly source: JobSource<'skills-video', SkillsVideoTask, SkillsVideoCompletedTask>;
  create<const M extends SkillsVideoModelId>(
    model: M,
    input: SkillsVideoInput<M>,
    options?: CallOptions,
  ): Promise<SkillsVideoCreatedTask>;
  /**
   * Orders work and yields each state as it comes, also a failure. If the connection breaks, the task goes on and is polled until its end.
   *
   * @throws GenerationError `outcome_unknown` if it breaks before the task has an id
   */
  stream<const M extends SkillsVideoModelId>(
    model: M,
    input: SkillsVideoInput<M>,
    options?: CallOptions,
  ): AsyncGenerator<SkillsVideoTaskEvent, void, undefined>;
  get(id: string, options?: CallOptions): Promise<SkillsVideoTask>;
  /** @throws as `waitFor` */
  wait(
    task: SkillsVideoCreatedTask | SkillsVideoTask | string,
    options?: WaitOptions<SkillsVideoTask>,
  ): Promise<SkillsVideoCompletedTask>;
}

export function skillsVideoGenerations(transport: Transport<'skills-video'>): SkillsVideoGenerations {
  const { dialect, json } = transport;
  const one = (id: string) => `/v1/generation/${segment(id)}`;
  const order = (path: string, model: string, input: object, options: CallOptions = {}) => ({
    ...options,
    ...orderBody(input as Readonly<Record<string, unknown>>),
    method: 'POST' as const,
    path: path + model.split('/').map(segment).join('/'),
  });
  const source: SkillsVideoGenerations['source'] = {
    dialect,
    idOf: ({ id }) => id,
    stateOf: ({ status }) => stateOf(status),
    read: (id, { signal }) => json({ path: one(id), signal, once: true }),
    // As the published client does: every 3 s, for 900 s (contract section 14).
    intervalMs: () => 3_000,
    timeoutMs: 900_000,
  };
  const generations: SkillsVideoGenerations = {
    source,
    create: async (model, input, options) => json(order('/v1/generation/', model, input, options)),
    stream: (model, input, options) =>
      streamTask(transport, source, order('/v1/generation/sse/', model, input, options)),
    get: async (id, options) => json({ ...options, path: one(id) }),
    wait: (task, options) =>
      waitFor(generations, typeof task === 'string' || 'data' in task ? task : task.id, options),
  };
  return generations;
}

async function* streamTask(
  transport: Transport<'skills-video'>,
  source: SkillsVideoGenerations['source'],
  call: Parameters<Transport<'skills-video'>['send']>[0],
): AsyncGenerator<SkillsVideoTaskEvent, void, undefined> {
  const { signal } = call;
  const response = await transport.send({
    ...call,
    headers: { ...call.headers, accept: 'text/event-stream' },
  });
  let id: string | undefined;
  let cause: unknown;
  try {
    for await (const value of tasksOf(response)) {
      const error = errorIn(source.dialect, value, response.status);
      // Once a task has an id, only its own end counts.
      if (error !== undefined && id === undefined) throw error;
      id = text(value.id) ?? id;
      if (error !== undefined || text(value.status) === undefined) continue;
      const event = value as unknown as SkillsVideoTaskEvent;
      yield event;
      if (isEnd(stateOf(event.status))) return;
    }
  } catch (thrown) {
    if (GenerationError.isInstance(thrown)) throw thrown;
    signal?.throwIfAborted();
    cause = thrown;
  }
  if (id === undefined)
    throw new GenerationError({
      code: 'outcome_unknown',
      dialect: 'skills-video',
      message: 'skills-video: the stream broke off before it named its task.',
      mayHaveBeenCharged: true,
      cause,
    });
  const { input: _, ...ended } = await endOf(source, id, { signal });
  yield ended;
}

/** The events of a stream, or the single object of an answer that is not a stream. */
async function* tasksOf(response: Response): AsyncGenerator<JsonObject, void, undefined> {
  if (/json/i.test(response.headers.get('content-type') ?? '')) {
    const whole = parseJson(await readText(response));
    if (isObject(whole)) yield whole;
    return;
  }
  for await (const { data } of readEvents(response.body, IDLE_MS)) {
    const value = parseJson(data);
    if (isObject(value)) yield value;
  }
}

function stateOf(status: SkillsVideoStatus) {
  switch (status) {
    case 'IN_QUEUE':
      return 'queued';
    case 'IN_PROGRESS':
      return 'running';
    case 'COMPLETED':
      return 'succeeded';
    case 'FAILED':
      return 'failed';
    case 'CANCELED':
      return 'canceled';
    default:
      status satisfies never;
      return undefined;
  }
}

function isEnd(state: ReturnType<typeof stateOf>): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'canceled';
}
