/** One line of a dataset: the texts that are learned together, in order. */
export type Example = readonly string[];

/** The message says which line is wrong. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

const MAX_LINES = 1_000_000;

/**
 * Reads a training dataset line by line. It is JSONL, and each line is `{"messages": [{"role", "content"}]}` or `{"prompt", "completion"}`.
 * Empty lines are skipped and other members are ignored.
 *
 * @throws DatasetError at the first line that is neither, or if there are no examples
 */
export function* readDataset(bytes: Uint8Array): Generator<Example, void, undefined> {
  let line = 0;
  let examples = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end === -1 ? bytes.length : end;
    line += 1;
    if (line > MAX_LINES) throw new DatasetError(`The dataset has more than ${MAX_LINES} lines.`);
    const text = decode(bytes.subarray(start, stop), line);
    start = stop + 1;
    if (text.trim() === '') continue;
    examples += 1;
    yield readExample(text, line);
  }
  if (examples === 0) throw new DatasetError('The dataset is empty.');
}

function decode(bytes: Uint8Array, line: number): string {
  try {
    // This also removes a byte order mark at the start.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DatasetError(`Line ${line} of the dataset is not valid UTF-8.`);
  }
}

function readExample(text: string, line: number): Example {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DatasetError(`Line ${line} of the dataset is not valid JSON.`);
  }
  const { messages, prompt, completion } = (value ?? {}) as Record<string, unknown>;
  if (typeof prompt === 'string' && typeof completion === 'string') return [prompt, completion];
  if (Array.isArray(messages) && messages.length > 0) {
    const contents = messages.map((message: unknown) => (message as { content?: unknown } | null)?.content);
    if (contents.every((content) => typeof content === 'string')) return contents;
  }
  throw new DatasetError(
    `Line ${line} of the dataset is neither {"messages": [...]} nor {"prompt", "completion"}.`,
  );
}
