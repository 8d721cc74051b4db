import { renderImage } from '../../sandbox/media/image.ts';
import type { ImageJob } from '../../sandbox/media/jobs.ts';
import { renderVideo } from '../../sandbox/media/video.ts';
import { renderSpeech } from '../../sandbox/speech/speech.ts';
import { type Act, type HttpDouble, type Seen, startHttpDouble } from '../../upstream/testing/http-double.ts';

export const KEY = 'sk-double-0123456789abcdef';

export interface OpenAiDouble extends HttpDouble {
  readonly baseUrl: string;
  /** Number of works that were really done: a repeated idempotency key does nothing new. */
  readonly bought: () => number;
  /** Loses the next answers, although the work is done. */
  lose(answers: number): void;
  /** Holds clips unfinished until it is called. */
  release(): void;
}

export interface DoubleOptions {
  /** Pictures come as links to the double itself, as from LocalAI. */
  readonly links?: boolean;
  /** Clips do not end before `release`. */
  readonly hold?: boolean;
}

/** A server on loopback that speaks OpenAI's API, with real pictures, speech and clips. */
export async function startOpenAiDouble({
  links = false,
  hold = false,
}: DoubleOptions = {}): Promise<OpenAiDouble> {
  const files = new Map<string, Uint8Array>();
  const done = new Map<string, Act>();
  const clips = new Map<string, { polls: number; readonly bytes: Promise<{ bytes: Uint8Array }> }>();
  let bought = 0;
  let held = hold;
  let losing = 0;
  let url = '';

  const answer = async (seen: Seen): Promise<Act> => {
    if (seen.path.startsWith('/files/')) return { body: files.get(seen.path) ?? '' };
    if (seen.headers.authorization !== `Bearer ${KEY}`)
      return {
        status: 401,
        body: {
          error: {
            message: `Incorrect API key provided: ${seen.headers.authorization}`,
            type: 'invalid_request_error',
            param: null,
            code: 'invalid_api_key',
          },
        },
      };
    if (seen.method === 'GET') return clip(seen.path);
    const key = seen.headers['idempotency-key'];
    const before = typeof key === 'string' ? done.get(key) : undefined;
    const act = before ?? (await work(seen));
    if (before === undefined) bought += 1;
    if (typeof key === 'string') done.set(key, act);
    if (losing === 0) return act;
    losing -= 1;
    return 'drop';
  };

  const work = async (seen: Seen): Promise<Act> => {
    switch (seen.path) {
      case '/v1/images/generations':
        return pictures(seen.json, []);
      case '/v1/images/edits': {
        const form = await seen.form();
        const files = [...form.getAll('image'), ...form.getAll('image[]')] as File[];
        return pictures(
          Object.fromEntries([...form].filter(([, value]) => typeof value === 'string')),
          await Promise.all(files.map((file) => file.bytes())),
        );
      }
      case '/v1/audio/speech': {
        const { input, response_format: format } = seen.json;
        const { bytes, contentType } = await renderSpeech({ kind: 'speech', text: input, format });
        return { headers: { 'content-type': contentType }, body: bytes };
      }
      case '/v1/chat/completions':
        return { pieces: chat(seen.json) };
      case '/v1/embeddings': {
        const { input, dimensions } = seen.json as { input: string[]; dimensions: number };
        const data = input.map((text, index) => ({
          object: 'embedding',
          index,
          embedding: Array.from({ length: dimensions }, (_, n) => (text.length + n) / 100),
        }));
        return {
          body: { object: 'list', data: data.toReversed(), usage: { prompt_tokens: 5, total_tokens: 5 } },
        };
      }
      case '/v1/videos': {
        const form = await seen.form();
        const [width = 64, height = 48] = String(form.get('size')).split('x').map(Number);
        const id = `video_${clips.size + 1}`;
        const durationSeconds = Number(form.get('seconds'));
        const prompt = String(form.get('prompt'));
        clips.set(id, {
          polls: 0,
          bytes: renderVideo({
            kind: 'video',
            prompt,
            seed: 1,
            width,
            height,
            durationSeconds,
            fps: 2,
            sound: false,
          }),
        });
        return { body: { id, object: 'video', status: 'queued', progress: 0, error: null } };
      }
      default:
        return {
          status: 404,
          body: {
            error: { message: `Invalid URL (${seen.path})`, type: 'invalid_request_error', code: null },
          },
        };
    }
  };

  const pictures = async (order: Readonly<Record<string, unknown>>, sources: Uint8Array[]): Promise<Act> => {
    const [width = 64, height = 64] = String(order.size ?? '64x64')
      .split('x')
      .map(Number);
    const format = (order.output_format ?? 'png') as ImageJob['format'];
    const job = {
      kind: 'image',
      prompt: String(order.prompt),
      seed: 1,
      width,
      height,
      format,
      sources,
    } as const;
    const { bytes } = await renderImage(job);
    const one = (): object => {
      if (!links) return { b64_json: Buffer.from(bytes).toString('base64') };
      const path = `/files/${files.size}.${format}`;
      files.set(path, bytes);
      return { url: `${url}${path}` };
    };
    return { body: { created: 1_760_000_000, data: Array.from({ length: Number(order.n ?? 1) }, one) } };
  };

  const clip = async (path: string): Promise<Act> => {
    const [, , , id = '', content] = path.split('/');
    const found = clips.get(id);
    if (found === undefined)
      return {
        status: 404,
        body: { error: { message: 'no such video', type: 'invalid_request_error', code: null } },
      };
    if (content === 'content')
      return { headers: { 'content-type': 'video/mp4' }, body: (await found.bytes).bytes };
    found.polls += 1;
    // The second state is not in the API's documentation.
    const status =
      held || found.polls < 3
        ? (['queued', 'post_processing'][found.polls - 1] ?? 'in_progress')
        : 'completed';
    return {
      body: { id, object: 'video', status, progress: status === 'completed' ? 100 : found.polls * 10 },
    };
  };

  const double = await startHttpDouble(answer);
  url = double.url;
  return {
    ...double,
    baseUrl: `${double.url}/v1`,
    bought: () => bought,
    lose: (answers) => {
      losing = answers;
    },
    release: () => {
      held = false;
    },
  };
}

/** Answers with a text about the last message, or with a call of the first tool. */
function chat(order: {
  messages: { content: string }[];
  tools?: { function: { name: string } }[];
}): string[] {
  const chunk = (delta: object, finish_reason: string | null, more: object = {}): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }], ...more })}\n\n`;
  const usage = { choices: [], usage: { prompt_tokens: 11, completion_tokens: 4, total_tokens: 15 } };
  const end = [chunk({}, null, usage), 'data: [DONE]\n\n'];
  const [tool] = order.tools ?? [];
  if (tool !== undefined) {
    const call = {
      index: 0,
      id: 'call_1',
      type: 'function',
      function: { name: tool.function.name, arguments: '{"path":"a.ts"}' },
    };
    return [
      chunk({ role: 'assistant', content: null, tool_calls: [call] }, null),
      chunk({}, 'tool_calls'),
      ...end,
    ];
  }
  const words = ['Upstream ', 'says: ', order.messages.at(-1)?.content ?? ''];
  return [
    chunk({ role: 'assistant', content: '' }, null),
    ...words.map((content) => chunk({ content }, null)),
    chunk({}, 'stop'),
    ...end,
  ];
}
