import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import type { Generation } from '@genlock/client';
import type { Circumstances } from './api-error.ts';
import { planCall } from './call-options.ts';
import type { ModelParts } from './image-model.ts';
import { metadataOf, responseOf } from './metadata.ts';
import { finishOrder, placeOrder, telling } from './run-order.ts';
import { finishOf, textOrderOf, usageOf } from './text-order.ts';
import { partsOf } from './text-stream.ts';

export function createLanguageModel(modelId: string, { open }: Pick<ModelParts, 'open'>): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'genlock.text',
    modelId,
    supportedUrls: {},
    doGenerate: (options) => generate(modelId, open, options),
    doStream: (options) => stream(modelId, open, options),
  };
}

/** Orders a job if possible, because its text is stored and can be fetched again by its key. Tool calls only come in a stream. */
async function generate(
  model: string,
  open: ModelParts['open'],
  options: LanguageModelV4CallOptions,
): Promise<LanguageModelV4GenerateResult> {
  const shop = open();
  const plan = planCall(options);
  const { order, warnings, mayCall } = textOrderOf(model, options, plan);
  if (mayCall) return collect(await stream(model, open, options));
  const placed = await placeOrder(shop, plan, order);
  const generation = await finishOrder(shop, plan, placed);
  const { text } = generation.output;
  const { timestamp, modelId } = responseOf(generation);
  return {
    content: text === null || text === '' ? [] : [{ type: 'text', text }],
    finishReason: finishOf(generation),
    usage: usageOf(generation),
    providerMetadata: { genlock: metadataOf(generation) },
    request: { body: order },
    response: { id: generation.id, timestamp, modelId },
    warnings,
  };
}

/** Resolves at the first event, so that a refusal is thrown and the SDK can retry by its own rules. */
async function stream(
  model: string,
  open: ModelParts['open'],
  options: LanguageModelV4CallOptions,
): Promise<LanguageModelV4StreamResult> {
  const shop = open();
  const plan = planCall(options);
  const { order, warnings } = textOrderOf(model, options, plan);
  const { idempotencyKey, headers } = plan;
  const left = new AbortController();
  const signal = plan.signal === undefined ? left.signal : AbortSignal.any([plan.signal, left.signal]);
  const at = (generation: Generation | undefined): Circumstances => ({
    phase: generation === undefined ? 'order' : 'after',
    url: `${shop.baseURL}/generations`,
    order,
    generation,
    key: idempotencyKey,
  });
  const events = shop.client.generations.streamText(order, { idempotencyKey, headers, signal });
  const first = await telling(at(undefined), () => events.next());
  const parts = partsOf(resumed(first, events), warnings, at);
  return { stream: readable(parts, left), request: { body: order } };
}

async function* resumed<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

/** A reader that stops reading stops the generation, and pays for what was written. */
function readable(
  parts: AsyncGenerator<LanguageModelV4StreamPart, void, undefined>,
  left: AbortController,
): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      left.abort();
      await parts.return();
    },
  });
}

/** Collects a stream into one answer. @throws the error that the stream contains */
async function collect({
  stream: parts,
  request,
}: LanguageModelV4StreamResult): Promise<LanguageModelV4GenerateResult> {
  const content: LanguageModelV4Content[] = [];
  const result: Pick<LanguageModelV4GenerateResult, 'warnings' | 'response'> = { warnings: [] };
  let text = '';
  const reader = parts.getReader();
  for (;;) {
    const { done, value: part } = await reader.read();
    if (done) throw new Error('a stream without an end');
    switch (part.type) {
      case 'stream-start':
        result.warnings = part.warnings;
        break;
      case 'response-metadata': {
        const { type: _, ...response } = part;
        result.response = response;
        break;
      }
      case 'text-delta':
        text += part.delta;
        break;
      case 'text-end':
        content.push({ type: 'text', text });
        text = '';
        break;
      case 'tool-call':
        content.push(part);
        break;
      case 'error':
        throw part.error;
      case 'finish': {
        const { finishReason, usage, providerMetadata } = part;
        return {
          ...result,
          content,
          finishReason,
          usage,
          ...(providerMetadata && { providerMetadata }),
          ...(request && { request }),
        };
      }
    }
  }
}
