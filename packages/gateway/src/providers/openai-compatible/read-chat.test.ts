import { describe, expect, it } from 'vitest';
import { GenlockError } from '../../domain/error.ts';
import type { TextEvent } from '../port.ts';
import { readEvents } from '../upstream/event-stream.ts';
import { readChat } from './read-chat.ts';
import { brokenChats, chats, emptyChats, silentChat, toolChats, wholeChat } from './testing/replies.ts';

/** In small pieces, as networks cut it. */
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}

async function read(chat: AsyncIterable<TextEvent>): Promise<{ events: readonly TextEvent[] }> {
  const events: TextEvent[] = [];
  for await (const event of chat) events.push(event);
  return { events };
}
const streamed = (text: string) => read(readChat(readEvents(bytesOf(text)), 6));
const textIn = (events: readonly TextEvent[]) =>
  events.map((event) => (event.type === 'delta' ? event.text : '')).join('');

describe('a chat', () => {
  it.each([
    ['openai', { finishReason: 'stop', inputTokens: 9, outputTokens: 3 }],
    // Nothing was counted: six is our estimate of the question, and twelve bytes of text are about three tokens.
    ['azure', { finishReason: 'length', inputTokens: 6, outputTokens: 3 }],
    ['vllm', { finishReason: 'stop', inputTokens: 7, outputTokens: 7 }],
    ['early', { finishReason: 'length', inputTokens: 7, outputTokens: 4 }],
    ['localai', { finishReason: 'stop', inputTokens: 6, outputTokens: 3 }],
    ['undone', { finishReason: 'stop', inputTokens: 6, outputTokens: 3 }],
    ['marked', { finishReason: 'stop', inputTokens: 6, outputTokens: 3 }],
    ['router', { finishReason: 'stop', inputTokens: 9, outputTokens: 3, cost: 420 }],
    ['parts', { finishReason: 'stop', inputTokens: 6, outputTokens: 3 }],
  ] as const)('is read as %s ends it', async (server, end) => {
    const { events } = await streamed(chats[server]);
    expect(events[0]).toMatchObject({ type: 'start' });
    expect(textIn(events)).toBe('Grey light.');
    expect(events.at(-1)).toEqual({ type: 'end', ...end });
  });

  it('counts as it goes, so that a call which breaks off can be billed', async () => {
    const { events } = await streamed(chats.vllm);
    expect(events.filter(({ type }) => type === 'delta')).toEqual([
      { type: 'delta', text: 'Grey light.', outputTokens: 6 },
    ]);
    const guessed = await streamed(chats.undone);
    expect(guessed.events[1]).toMatchObject({ outputTokens: 3 });
  });

  /** A chat with this many bytes of text, and with its server's counts. */
  const counted = async (usage: object, delta: object = { content: 'Grey light.' }) => {
    const chunk = { choices: [{ delta, finish_reason: 'stop' }], usage };
    const { events } = await streamed(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
    return events.at(-1);
  };

  it.each([
    ['less than nothing', { prompt_tokens: -9, completion_tokens: -3 }],
    ['parts', { prompt_tokens: 9.5, completion_tokens: 2.5 }],
    ['words', { prompt_tokens: '9', completion_tokens: 'three' }],
    ['what nobody can count to', { prompt_tokens: 1e300, completion_tokens: 1e300 }],
    ['nothing', { prompt_tokens: null, completion_tokens: null }],
  ])('is counted here where its server counts %s, and not lost for that', async (_, usage) => {
    expect(await counted(usage)).toEqual({
      type: 'end',
      finishReason: 'stop',
      inputTokens: 6,
      outputTokens: 3,
    });
  });

  it('has no more tokens than its text has bytes, but for some that mark its end or a call', async () => {
    expect(await counted({ completion_tokens: 70 })).toMatchObject({ outputTokens: 70 });
    expect(await counted({ completion_tokens: 5_000 })).toMatchObject({ outputTokens: 11 + 64 });
  });

  it('may have been thought over unseen, where that is counted apart or sent along', async () => {
    const details = { reasoning_tokens: 4_900 };
    expect(await counted({ completion_tokens: 4_910, completion_tokens_details: details })).toMatchObject({
      outputTokens: 4_910,
    });
    const thinking = [{ type: 'text', text: 'The sea, so grey. '.repeat(300) }];
    const parts = [
      { type: 'thinking', thinking },
      { type: 'text', text: 'Grey light.' },
    ];
    expect(await counted({ completion_tokens: 1_500 }, { content: parts })).toMatchObject({
      outputTokens: 1_500,
    });
  });

  it('is not spoilt by a cost that is none', async () => {
    for (const cost of [-1, '0.1', null])
      expect(await counted({ completion_tokens: 3, cost })).not.toHaveProperty('cost');
  });

  it('says what it cost, where the server does', async () => {
    expect((await streamed(chats.router)).events.at(-1)).toMatchObject({ cost: 420 });
    expect((await streamed(chats.openai)).events.at(-1)).not.toHaveProperty('cost');
  });

  it('may have nothing to say, where the model says that it is done', async () => {
    const { events } = await streamed(silentChat);
    expect(events).toEqual([
      { type: 'start', inputTokens: 6 },
      { type: 'end', finishReason: 'stop', inputTokens: 9, outputTokens: 0 },
    ]);
  });

  it.each(Object.keys(emptyChats) as (keyof typeof emptyChats)[])(
    'that is nothing but an end is a failure of its server, which may want its money: %s',
    async (how) => {
      const error = await streamed(emptyChats[how]).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'upstream_invalid_result', detail: { accepted: 'yes' } });
    },
  );

  it('is not begun before there is a choice, so that its failure can be told as one', async () => {
    const chat = readChat(readEvents(bytesOf(emptyChats.counted)), 6);
    await expect(chat.next()).rejects.toThrow();
  });

  it('is refused in words that its caller reads', async () => {
    expect(textIn((await streamed(chats.refused)).events)).toBe('I cannot.');
  });

  it('may come whole', async () => {
    const one = async function* () {
      yield { event: 'message', data: JSON.stringify(wholeChat) };
    };
    const { events } = await read(readChat(one(), 6));
    expect(events).toEqual([
      { type: 'start', inputTokens: 9 },
      { type: 'delta', text: 'Grey light.', outputTokens: 3 },
      { type: 'end', finishReason: 'stop', inputTokens: 9, outputTokens: 3 },
    ]);
  });

  it.each(Object.keys(toolChats) as (keyof typeof toolChats)[])('calls tools as %s does', async (server) => {
    const { events } = await streamed(toolChats[server]);
    expect(events.slice(-2)).toMatchObject([
      {
        type: 'tool_calls',
        calls: [
          { id: 'call_a', name: 'read', arguments: '{"path":"a.ts"}' },
          { id: 'call_b', name: 'list', arguments: '{}' },
        ],
      },
      { type: 'end', finishReason: 'tool_calls' },
    ]);
    expect(events.at(-2)).toHaveProperty(
      'outputTokens',
      (events.at(-1) as { outputTokens: number }).outputTokens,
    );
  });

  it('is over with its last word, whatever becomes of the connection', async () => {
    const { events } = await streamed(`${chats.undone}data: {"choices": [\n\n`);
    expect(textIn(events)).toBe('Grey light.');
    expect(events.at(-1)).toMatchObject({ type: 'end' });
  });

  it.each([
    ['cut', 'upstream_failed', 'maybe'],
    ['filtered', 'content_rejected', 'yes'],
    ['failed', 'upstream_failed', 'no'],
    ['lost', 'upstream_failed', 'maybe'],
    ['overloaded', 'upstream_unavailable', 'no'],
    ['flagged', 'content_rejected', 'no'],
    ['garbage', 'upstream_invalid_result', 'maybe'],
    ['page', 'upstream_failed', 'maybe'],
  ] as const)('that is %s is %s (accepted: %s)', async (how, code, accepted) => {
    const error = await streamed(brokenChats[how]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GenlockError);
    expect(error).toMatchObject({ code, detail: { accepted } });
  });
});

it('gives up on a text without an end', async () => {
  let pieces = 0;
  async function* endless() {
    const data = JSON.stringify({ choices: [{ delta: { content: 'x'.repeat(1024 * 1024) } }] });
    for (; pieces < 1_000; pieces += 1) yield { event: 'message', data };
  }
  await expect(read(readChat(endless(), 6))).rejects.toMatchObject({
    code: 'upstream_invalid_result',
    detail: { accepted: 'maybe' },
  });
  expect(pieces).toBeLessThan(20);
});
