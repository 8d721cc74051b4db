/** How one prompt of a batch ended. */
export type BatchItemResult =
  | {
      readonly id: string;
      readonly text: string;
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly finishReason: 'stop' | 'length';
    }
  /** It failed. The text may be shown to the caller. */
  | { readonly id: string; readonly error: string };

/** The single file that a batch delivers, as JSON. */
export interface BatchResult {
  readonly items: readonly BatchItemResult[];
}

/** Parses the file that a provider delivered for a batch. Returns undefined if it is not a batch result. */
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
