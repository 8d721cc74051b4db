/** The HTTP call that work comes from, as far as logs and traces need to know it. */
export interface CallContext {
  readonly requestId: string;
  /** The generation that it made, once there is one. */
  generationId: string | undefined;
}
