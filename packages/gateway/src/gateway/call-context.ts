/** The HTTP call that work comes from, as far as logs and traces need to know it. */
export interface CallContext {
  readonly requestId: string;
  /** W3C trace context for what it causes; undefined where nobody traces it. */
  readonly traceparent: string | undefined;
  /** The generation that it made, once there is one. */
  generationId: string | undefined;
}
