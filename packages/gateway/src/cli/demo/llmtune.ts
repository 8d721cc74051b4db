import { call } from './call.ts';
import { type Order, type Scene, SceneError } from './scene.ts';

/** The members that the demo reads of a streamed chunk (contracts/llmtune.md section 6), or of the event that ends a broken stream. */
interface LlmtuneChunk {
  readonly id?: string;
  readonly choices?: readonly { readonly delta: { readonly content?: string } }[];
  readonly error?: string;
  readonly message?: string;
}

const DATA = 'data: ';
const DONE = '[DONE]';

/** A chat in the LLMTune dialect, read while it is written. */
export function llmtuneChat({ title, file, model, input }: Order): Scene {
  return {
    title,
    file,
    dialect: 'llmtune',
    model,
    async make(access, report) {
      report('processing');
      const url = `${access.base}/v1/chat/completions`;
      const response = await call(access, url, { model, ...input, stream: true });
      let id: string | undefined;
      let text = '';
      for await (const data of eventsOf(response)) {
        if (data === DONE) break;
        const chunk = JSON.parse(data) as LlmtuneChunk;
        id ??= chunk.id;
        if (chunk.error !== undefined)
          throw new SceneError(`${id} broke off (${chunk.error}: ${chunk.message})`, id);
        text += chunk.choices?.[0]?.delta.content ?? '';
        report('downloading');
      }
      if (id === undefined) throw new SceneError('the stream was empty');
      const words = text.split(/\s+/).filter(Boolean).length;
      return { generationId: id, bytes: new TextEncoder().encode(`${text}\n`), words };
    },
  };
}

/** The data of server-sent events with one data line each. */
async function* eventsOf({ body }: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith(DATA)) yield line.slice(DATA.length);
  }
}
