import { setImmediate as breathe } from 'node:timers/promises';
import type { BatchItemResult, BatchResult } from '../../domain/batch-result.ts';
import { GenlockError } from '../../domain/error.ts';
import type { BatchRequest } from '../../domain/request.ts';
import type { Delivered, ProviderCall } from '../port.ts';
import { readDirectives, withoutDirectives } from './directives.ts';
import { delay, isSpoilt, spoilText } from './spoil.ts';
import { countTokens, generateText, type NgramModel } from './text/index.ts';

type Item = BatchRequest['items'][number];

/** Answers each prompt separately. A failure is reported with its item, and the others continue. */
export async function answerBatch(
  model: NgramModel,
  call: ProviderCall,
  { items, seed }: BatchRequest,
): Promise<Delivered> {
  const counts = { completed: 0, failed: 0 };
  const answered = await Promise.all(
    items.map(async (item) => {
      const result = await answer(model, call, item, seed);
      counts['error' in result ? 'failed' : 'completed'] += 1;
      const percent = Math.floor((100 * (counts.completed + counts.failed)) / items.length);
      call.tell({ percent, metrics: { ...counts } });
      return result;
    }),
  );
  const total = (of: 'inputTokens' | 'outputTokens'): number =>
    answered.reduce((sum, result) => sum + ('error' in result ? 0 : result[of]), 0);
  const result: BatchResult = { items: answered };
  return {
    outputs: [{ bytes: new TextEncoder().encode(JSON.stringify(result)), contentType: 'application/json' }],
    usage: { inputTokens: total('inputTokens'), outputTokens: total('outputTokens') },
  };
}

async function answer(
  model: NgramModel,
  call: ProviderCall,
  item: Item,
  seed: number,
): Promise<BatchItemResult> {
  const { id, prompt, ...sampling } = item;
  try {
    const directives = readDirectives([prompt], undefined);
    await delay(call, directives.delayMs);
    if (isSpoilt(directives, call.attempt)) spoilText(directives);
  } catch (thrown) {
    if (!(thrown instanceof GenlockError)) throw thrown;
    return { id, error: thrown.message };
  }
  // A hundred texts take some tenths of a second, so other work gets a turn between two of them.
  await breathe();
  call.signal.throwIfAborted();
  const pieces = generateText(model, { ...sampling, prompt: withoutDirectives(prompt), seed });
  let text = '';
  for (;;) {
    const next = pieces.next();
    if (next.done !== true) {
      text += next.value;
      continue;
    }
    const { completionTokens, finishReason } = next.value;
    return { id, text, inputTokens: countTokens(prompt), outputTokens: completionTokens, finishReason };
  }
}
