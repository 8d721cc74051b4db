import type { LanguageModelV4StreamPart, SharedV4Warning } from '@ai-sdk/provider';
import { type Generation, GenerationError, type TextEvent } from '@genlock/client';
import { type Circumstances, toApiError } from './api-error.ts';
import { metadataOf, responseOf } from './metadata.ts';
import { finishOf, usageOf } from './text-order.ts';

type Ended = Extract<TextEvent, { type: 'ended' }>;

/** The parts of a text while it is written. An error in the middle is a part too, because the beginning has already been sent. */
export async function* partsOf(
  events: AsyncIterable<TextEvent>,
  warnings: SharedV4Warning[],
  at: (generation: Generation | undefined) => Circumstances,
): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
  yield { type: 'stream-start', warnings };
  let generation: Generation | undefined;
  let open = false;
  let told = false;
  const close = function* (): Generator<LanguageModelV4StreamPart> {
    if (open) yield { type: 'text-end', id: TEXT };
    open = false;
  };
  try {
    for await (const event of events) {
      switch (event.type) {
        case 'created':
          ({ generation } = event);
          yield { type: 'response-metadata', id: generation.id, ...headOf(generation) };
          break;
        case 'delta':
          if (!open) yield { type: 'text-start', id: TEXT };
          open = true;
          told = true;
          yield { type: 'text-delta', id: TEXT, delta: event.text };
          break;
        case 'tool_calls':
          yield* close();
          told = true;
          for (const call of event.calls) yield* callParts(call);
          break;
        case 'ended':
          yield* close();
          yield finish(event, told);
      }
    }
  } catch (thrown) {
    const error = toApiError(thrown, at(generation));
    // An abort is thrown and not sent as a part.
    if (error === thrown) throw thrown;
    yield* close();
    yield { type: 'error', error };
  }
}

const TEXT = 'text';

function headOf(generation: Generation): { timestamp: Date; modelId: string } {
  const { timestamp, modelId } = responseOf(generation);
  return { timestamp, modelId };
}

function* callParts(call: {
  id: string;
  name: string;
  arguments: string;
}): Generator<LanguageModelV4StreamPart> {
  const { id, name, arguments: input } = call;
  yield { type: 'tool-input-start', id, toolName: name };
  yield { type: 'tool-input-delta', id, delta: input };
  yield { type: 'tool-input-end', id };
  yield { type: 'tool-call', toolCallId: id, toolName: name, input };
}

/** @throws GenerationError for an order whose text was already streamed to an earlier call with its key */
function finish({ generation, finishReason }: Ended, told: boolean): LanguageModelV4StreamPart {
  if (finishReason === null && !told)
    throw new GenerationError({
      code: 'invalid_state',
      dialect: 'native',
      message:
        'The text of this order was streamed to an earlier call with its idempotency key, and is not kept.',
      generationId: generation.id,
      mayHaveBeenCharged: true,
    });
  return {
    type: 'finish',
    usage: usageOf(generation),
    finishReason: finishOf(generation, finishReason),
    providerMetadata: { genlock: metadataOf(generation) },
  };
}
