/** How one prompt of a batch ended. */
export type BatchItemResult =
  | {
      readonly id: string;
      readonly text: string;
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly finishReason: 'stop' | 'length';
    }
  /** It failed; in words that its caller may see. */
  | { readonly id: string; readonly error: string };

/** The one output of a batch, as JSON. */
export interface BatchResult {
  readonly items: readonly BatchItemResult[];
}

/** Reads what a provider delivered for a batch; undefined when that is no result. */
export function readBatchResult(bytes: Uint8Array): BatchResult | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  const items = (value as { items?: unknown } | null)?.items;
  return Array.isArray(items) && items.every(isItem) ? { items } : undefined;
}

function isItem(value: unknown): value is BatchItemResult {
  if (typeof value !== 'object' || value === null) return false;
  const { id, text, inputTokens, outputTokens, error } = value as Record<string, unknown>;
  if (typeof id !== 'string') return false;
  return (
    typeof error === 'string' || (typeof text === 'string' && isCount(inputTokens) && isCount(outputTokens))
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
