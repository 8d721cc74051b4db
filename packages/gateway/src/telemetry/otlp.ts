import {
  type Context,
  DiagLogLevel,
  diag,
  SpanKind as Kind,
  ROOT_CONTEXT,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Log } from './log.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';
import type { Span, SpanKind, Traces } from './traces.ts';

export interface OtlpOptions {
  /** The URL that spans are posted to: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  /** The share, from 0 to 1, of traces begun here that is recorded. A caller's trace is recorded if the caller records it. */
  readonly sample: number;
  readonly version: string;
  readonly instance: string;
  readonly log: Log;
}

export interface TraceExport {
  readonly traces: Traces;
  /** Sends what has not been sent yet. Never throws. */
  close(): Promise<void>;
}

const KINDS = { server: Kind.SERVER, internal: Kind.INTERNAL, client: Kind.CLIENT };
/** The most time that an unreachable collector may cost at the end of the process. */
const EXPORT_TIMEOUT_MS = 5_000;

/**
 * Traces by the OpenTelemetry SDK, sent as OTLP over HTTP. The usual variables for headers, time-outs and resource attributes apply
 * (OTEL_EXPORTER_OTLP_HEADERS, OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME, …). Only loaded if traces are wanted.
 */
export function openOtlp({ url, sample, version, instance, log }: OtlpOptions): TraceExport {
  // An unreachable collector is logged and has no other effect: spans are dropped and work goes on.
  const complain = (message: string): void => log.warn({ reason: message }, 'traces not sent');
  diag.setLogger(
    { error: complain, warn: complain, info() {}, debug() {}, verbose() {} },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const own = { 'service.name': 'genlock', 'service.version': version, 'service.instance.id': instance };
  const provider = new TracerProvider({
    resource: resourceFromAttributes(own).merge(detectResources({ detectors: [envDetector] })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sample) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }),
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('genlock', version);
  return {
    traces: { enabled: true, begin: (name, kind, parent) => begin(tracer, name, kind, parent) },
    close: () => provider.shutdown().catch((error) => complain(String(error))),
  };
}

function begin(tracer: Tracer, name: string, kind: SpanKind, parent: string | undefined): Span {
  const span = tracer.startSpan(name, { kind: KINDS[kind] }, contextOf(parent));
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: formatTraceparent({ traceId, spanId, flags: traceFlags }),
    set: (attribute, value) => span.setAttribute(attribute, value),
    end(error) {
      if (error !== undefined) {
        span.setAttribute('error.type', error);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

function contextOf(parent: string | undefined): Context {
  const context = parseTraceparent(parent);
  if (context === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, flags } = context;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flags, isRemote: true });
}
