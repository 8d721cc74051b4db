import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4Usage,
  SharedV4Warning,
} from '@ai-sdk/provider';
import type { Generation, Order, Tool } from '@genlock/client';
import type { CallPlan } from './call-options.ts';
import { toMessages } from './messages.ts';

export interface TextOrder {
  readonly order: Order;
  readonly warnings: SharedV4Warning[];
  /** Whether the model may call tools, which only come in a stream. */
  readonly mayCall: boolean;
}

export function textOrderOf(model: string, options: LanguageModelV4CallOptions, plan: CallPlan): TextOrder {
  const { maxOutputTokens, temperature, topP, topK, stopSequences = [], seed } = options;
  const { tools, warnings } = toolsOf(options);
  const input = {
    messages: toMessages(options.prompt),
    ...(maxOutputTokens !== undefined && { max_tokens: maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && { top_k: topK }),
    ...(stopSequences.length > 0 && { stop: stopSequences }),
    ...(seed !== undefined && { seed }),
    ...(tools.length > 0 && { tools, ...choiceOf(options) }),
    ...plan.input,
  };
  const { metadata } = plan;
  const order = { model, input, ...(metadata && { metadata }) };
  return { order, warnings: [...unsupportedOf(options), ...warnings], mayCall: 'tools' in input };
}

function toolsOf({ tools = [] }: LanguageModelV4CallOptions): { tools: Tool[]; warnings: SharedV4Warning[] } {
  const warnings: SharedV4Warning[] = [];
  const own = tools.flatMap((tool): Tool[] => {
    if (tool.type !== 'function') {
      warnings.push({ type: 'unsupported', feature: `provider-defined tool ${tool.id}` });
      return [];
    }
    const { name, description, inputSchema } = tool;
    return [
      {
        name,
        ...(description !== undefined && { description }),
        parameters: inputSchema as Record<string, unknown>,
      },
    ];
  });
  return { tools: own, warnings };
}

function choiceOf({ toolChoice }: LanguageModelV4CallOptions): object {
  if (toolChoice === undefined) return {};
  return { tool_choice: toolChoice.type === 'tool' ? { name: toolChoice.toolName } : toolChoice.type };
}

function unsupportedOf(options: LanguageModelV4CallOptions): SharedV4Warning[] {
  const { presencePenalty, frequencyPenalty, responseFormat, reasoning } = options;
  return Object.entries({
    presencePenalty,
    frequencyPenalty,
    responseFormat: responseFormat?.type === 'json' ? responseFormat : undefined,
    reasoning: reasoning === 'provider-default' || reasoning === 'none' ? undefined : reasoning,
  }).flatMap(([feature, value]) => (value === undefined ? [] : [{ type: 'unsupported', feature }]));
}

export function usageOf({ usage }: Generation): LanguageModelV4Usage {
  const { input_tokens, output_tokens } = usage ?? {};
  return {
    inputTokens: { total: input_tokens, noCache: input_tokens, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output_tokens, text: output_tokens, reasoning: undefined },
    ...(usage && { raw: { ...usage } }),
  };
}

const REASONS = { stop: 'stop', length: 'length', tool_calls: 'tool-calls' } as const;

/** @param told whether the stream named the finish reason; for a complete text it is derived from its length */
export function finishOf(
  generation: Generation,
  told?: keyof typeof REASONS | null,
): LanguageModelV4FinishReason {
  if (told != null) return { unified: REASONS[told], raw: told };
  const written = generation.usage?.output_tokens ?? 0;
  const atMost = generation.input.max_tokens;
  const full = typeof atMost === 'number' && written >= atMost;
  return { unified: full ? 'length' : 'stop', raw: undefined };
}
