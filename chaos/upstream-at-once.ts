import { setTimeout as sleep } from 'node:timers/promises';
import type { CallBook } from './call-book.ts';
import { type FateAtOnce, fatesOf } from './fates.ts';
import type { MediaFiles } from './files.ts';
import { type Call, sendJson } from './http-server.ts';
import { orderIn } from './orders.ts';
import type { Random } from './random.ts';

export interface Desk {
  readonly random: Random;
  readonly files: MediaFiles;
  readonly book: CallBook;
  /** The key of this call, if the server honours keys. */
  readonly key: string | undefined;
  /** Keys whose work was paid. */
  readonly done: Map<string, string>;
}

/** One call of OpenAI's API: pictures, speech, chats. */
export async function answerAtOnce(call: Call, desk: Desk): Promise<void> {
  const order = orderIn(call.body);
  if (order === undefined)
    return sendJson(call.response, 400, complaint('invalid_request_error', 'which order?'));
  const nth = desk.book.call(order);
  const fate = nth === 1 ? fatesOf(desk.random, order).atOnce : 'fine';
  if (await refuses(call, fate)) return;
  if (desk.key === undefined || !desk.done.has(desk.key)) desk.book.pay(order);
  if (desk.key !== undefined) desk.done.set(desk.key, order);
  await deliver(call, desk.files, fate);
}

function complaint(type: string, message: string, code: string | null = null): object {
  return { error: { message, type, param: null, code } };
}

/** Whether nothing is done, so that nothing will be charged. */
async function refuses({ response }: Call, fate: FateAtOnce): Promise<boolean> {
  switch (fate) {
    case 'dropped_before_accept':
      response.destroy();
      return true;
    case 'busy_once':
      sendJson(response, 429, complaint('rate_limit_error', 'slow down'), { 'retry-after': '1' });
      return true;
    case 'failed_once':
      sendJson(response, 500, complaint('server_error', 'we failed'));
      return true;
    case 'account_empty_once':
      sendJson(response, 429, complaint('insufficient_quota', 'check your plan', 'insufficient_quota'));
      return true;
    case 'refused':
      sendJson(response, 400, complaint('invalid_request_error', 'refused', 'content_policy_violation'));
      return true;
    case 'bad_gateway':
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
      return true;
    case 'slow':
      await sleep(400);
      return false;
    default:
      return false;
  }
}

async function deliver({ path, body, response }: Call, files: MediaFiles, fate: FateAtOnce): Promise<void> {
  if (fate === 'dropped_after_accept') {
    response.destroy();
    return;
  }
  if (path.endsWith('/audio/speech')) {
    const bytes =
      fate === 'garbage' ? Buffer.from('no sound') : fate === 'nothing' ? Buffer.alloc(0) : files.speech;
    return send(response, 'audio/mpeg', bytes, fate);
  }
  const { stream, n = 1 } = JSON.parse(body) as { stream?: boolean; n?: number };
  if (path.endsWith('/chat/completions')) return chat(response, stream === true, fate);
  const b64_json = Buffer.from(fate === 'garbage' ? 'no picture' : files.picture).toString('base64');
  const count = fate === 'nothing' ? 0 : fate === 'more_than_ordered' ? n + 2 : n;
  const data = Array.from({ length: count }, () => ({ b64_json }));
  return send(response, 'application/json', Buffer.from(JSON.stringify({ created: 1, data })), fate);
}

function send(response: Call['response'], type: string, bytes: Uint8Array, fate: FateAtOnce): void {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length });
  if (fate === 'cut_answer') response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  else response.end(bytes);
}

const WORDS = ['The', ' mug', ' is', ' red', '.'];

async function chat(response: Call['response'], stream: boolean, fate: FateAtOnce): Promise<void> {
  const usage = { prompt_tokens: 12, completion_tokens: WORDS.length, total_tokens: 12 + WORDS.length };
  if (!stream) {
    const message = { role: 'assistant', content: fate === 'nothing' ? '' : WORDS.join('') };
    const whole = {
      id: 'c',
      object: 'chat.completion',
      model: 'm',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage,
    };
    return send(response, 'application/json', Buffer.from(JSON.stringify(whole)), fate);
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const tell = (piece: object): boolean =>
    response.write(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'm', ...piece })}\n\n`,
    );
  for (const [index, content] of WORDS.entries()) {
    if (fate === 'cut_answer' && index === 3) {
      response.destroy();
      return;
    }
    tell({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    await sleep(5);
  }
  tell({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  tell({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}
