/** The HTTP call that work comes from, as far as logs and traces need it. */
export interface CallContext {
  readonly requestId: string;
  /** W3C trace context for the work that the call causes; undefined if tracing is off and the caller sent none. */
  readonly traceparent: string | undefined;
  /** The generation that the call is about, once it is known. */
  generationId: string | undefined;
}

/** Records which generation a call is about, for its log line and its span. Returns that generation. */
export function about<Generation extends { readonly id: string }>(
  { call }: { readonly call?: CallContext },
  generation: Generation,
): Generation {
  if (call !== undefined) call.generationId = generation.id;
  return generation;
}
