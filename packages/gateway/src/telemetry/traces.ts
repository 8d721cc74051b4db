/* The port of traces. Contexts are handed on as W3C `traceparent` texts, which also cross the queue and other processes. */

export type SpanKind = 'server' | 'internal' | 'client';

export interface Span {
  /** The context for what this causes: the span's own, or, where nothing is recorded, the one it was begun under. */
  readonly traceparent: string | undefined;
  set(attribute: string, value: string | number | boolean): void;
  /** @param error why it failed, in a word; absent where it did not */
  end(error?: string): void;
}

export interface Traces {
  /** False: spans record nothing, and names and attributes need not be made. */
  readonly enabled: boolean;
  /** Begins a span, in the trace of `parent` or in a new one. */
  begin(name: string, kind: SpanKind, parent: string | undefined): Span;
}

const nobody = { traceparent: undefined, set() {}, end() {} };

/** Records nothing, and hands on what comes from outside. */
export const noTraces: Traces = {
  enabled: false,
  begin: (_name, _kind, parent) => (parent === undefined ? nobody : { ...nobody, traceparent: parent }),
};

/** A span around some work; it fails where that throws, and `wordFor` says why. */
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
