/** The HTTP call that work comes from, as far as logs and traces need to know it. */
export interface CallContext {
  readonly requestId: string;
  /** W3C trace context for what it causes; undefined where nobody traces it. */
  readonly traceparent: string | undefined;
  /** The generation that it is about, once that is known. */
  generationId: string | undefined;
}

/** Notes which generation a call is about, for its line in the log and its span; gives that back. */
export function about<Generation extends { readonly id: string }>(
  { call }: { readonly call?: CallContext },
  generation: Generation,
): Generation {
  if (call !== undefined) call.generationId = generation.id;
  return generation;
}
