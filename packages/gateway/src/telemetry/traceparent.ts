/*
 * W3C Trace Context, https://www.w3.org/TR/trace-context/: `00-<trace id>-<span id>-<flags>`. It comes from outside, so only exactly this
 * form is accepted. `tracestate` is not passed on.
 */

export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  /** Bit 0: the caller records the trace. */
  readonly flags: number;
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const MAX_LENGTH = 512;

/** Undefined if absent or invalid. Headers of later versions are read as far as this version defines them (section 4.3 there). */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  if (header === undefined || header.length > MAX_LENGTH) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', rest] = FORM.exec(header) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}

export function formatTraceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${(flags & 0xff).toString(16).padStart(2, '0')}`;
}

/** The header in our version, to be passed on; undefined if it is invalid. */
export function cleanTraceparent(header: string | undefined): string | undefined {
  const context = parseTraceparent(header);
  return context && formatTraceparent(context);
}
