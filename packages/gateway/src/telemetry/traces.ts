/* The port of traces. Contexts are passed on as W3C `traceparent` texts, also through the queue and to other processes. */

export type SpanKind = 'server' | 'internal' | 'client';

export interface Span {
  /** The context for calls made from here: the span's own or, if nothing is recorded, that of its parent. */
  readonly traceparent: string | undefined;
  set(attribute: string, value: string | number | boolean): void;
  /** @param error why it failed, in a word; absent if it did not fail */
  end(error?: string): void;
}

export interface Traces {
  /** false: spans record nothing, so names and attributes need not be computed. */
  readonly enabled: boolean;
  /** Begins a span, in the trace of `parent` or in a new one. */
  begin(name: string, kind: SpanKind, parent: string | undefined): Span;
}

const nobody = { traceparent: undefined, set() {}, end() {} };

/** Records nothing, and passes on the context that came from outside. */
export const noTraces: Traces = {
  enabled: false,
  begin: (_name, _kind, parent) => (parent === undefined ? nobody : { ...nobody, traceparent: parent }),
};

/** Runs work in a span. If the work throws, the span fails with the word that `wordFor` returns. */
export function inSpan<T>(
  traces: Traces,
  name: string,
  parent: string | undefined,
  work: () => Promise<T>,
  wordFor: (error: unknown) => string,
): Promise<T> {
  return traces.enabled ? recorded(traces.begin(name, 'internal', parent), work, wordFor) : work();
}

async function recorded<T>(
  span: Span,
  work: () => Promise<T>,
  wordFor: (error: unknown) => string,
): Promise<T> {
  try {
    const result = await work();
    span.end();
    return result;
  } catch (error) {
    span.end(wordFor(error));
    throw error;
  }
}
