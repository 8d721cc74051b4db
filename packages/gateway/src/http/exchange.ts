import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallContext } from '../gateway/call-context.ts';
import type { Log } from '../telemetry/log.ts';
import type { Gauge, Metrics } from '../telemetry/metrics.ts';
import { cleanTraceparent, parseTraceparent } from '../telemetry/traceparent.ts';
import { noTraces, type Span, type Traces } from '../telemetry/traces.ts';
import type { RouteMeter, StatusClass } from './route-meter.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What telemetry knows of the call; null only outside the app. */
    exchange: Exchange | null;
  }
}

export interface ExchangeParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly traces: Traces;
  /** The meter of a call that no route takes. */
  readonly meterOf: (url: string) => RouteMeter;
}

/** Ids that callers and proxies give a call are only used in logs. Those that are not short and plain are left out. */
const CLIENT_ID = /^[\w.:-]{1,64}$/;

/** One HTTP call, from its headers to the end of its answer or of its connection. It is then counted and logged in one line. */
export class Exchange implements CallContext {
  generationId: string | undefined = undefined;
  /** Known as soon as the key is known, even if the call is then refused. */
  accountId: string | undefined = undefined;
  keyId: string | undefined = undefined;
  readonly #parts: ExchangeParts;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #startedAt = performance.now();
  readonly #span: Span;
  #stream: Gauge | undefined = undefined;
  #found: RouteMeter | undefined = undefined;

  constructor(parts: ExchangeParts, request: FastifyRequest, reply: FastifyReply) {
    this.#parts = parts;
    this.#request = request;
    this.#reply = reply;
    this.#span = this.#begin();
    reply.raw.on('close', () => this.#end());
  }

  get requestId(): string {
    return this.#request.id;
  }

  get traceparent(): string | undefined {
    return this.#span.traceparent;
  }

  get dialect(): string {
    return this.#meter.dialect;
  }

  /** Marks the answer as an event stream: it may last for hours, so its duration says nothing. */
  streaming(): void {
    this.#stream = this.#parts.metrics.streamsOpen.of(this.dialect);
    this.#stream.add(1);
  }

  get #meter(): RouteMeter {
    this.#found ??= this.#request.routeOptions.config.meter ?? this.#parts.meterOf(this.#request.url);
    return this.#found;
  }

  /** The span is named by the route's pattern. Health checks of the process are not traced. */
  #begin(): Span {
    const { traces } = this.#parts;
    const { headers, method } = this.#request;
    const given = headers.traceparent;
    const parent = typeof given === 'string' ? cleanTraceparent(given) : undefined;
    if (!traces.enabled) return noTraces.begin('', 'server', parent);
    const meter = this.#meter;
    if (meter.dialect === UNTRACED) return noTraces.begin('', 'server', parent);
    const span = traces.begin(meter.labelOf(method), 'server', parent);
    span.set('http.request.method', method);
    if (meter.pattern !== '') span.set('http.route', meter.pattern);
    span.set('genlock.dialect', meter.dialect);
    span.set('genlock.request', this.requestId);
    return span;
  }

  #end(): void {
    const { method } = this.#request;
    const { raw } = this.#reply;
    const ms = performance.now() - this.#startedAt;
    const meter = this.#meter;
    const status = raw.writableFinished ? classOf(raw.statusCode) : 'gone';
    meter.count(method, status, this.#stream === undefined ? ms / 1000 : undefined);
    this.#stream?.add(-1);
    if (this.#parts.traces.enabled) this.#endSpan(status);
    const level = levelOf(method, status);
    const { log } = this.#parts;
    // Most calls are logged at a level that is off; their line is then not even composed.
    if (log.isOn?.(level) !== false) log[level](this.#line(method, status, ms), 'request');
  }

  #line(method: string, status: StatusClass, ms: number): object {
    return {
      request: this.requestId,
      method,
      route: this.#meter.labelOf(method),
      dialect: this.#meter.dialect,
      status: this.#reply.raw.statusCode,
      ...(status === 'gone' && { gone: true }),
      ms: Math.round(ms * 10) / 10,
      account: this.accountId,
      key: this.keyId,
      generation: this.generationId,
      trace: traceIdOf(this.traceparent),
      client_request: clientIdOf(this.#request),
    };
  }

  #endSpan(status: StatusClass): void {
    this.#span.set('http.response.status_code', this.#reply.raw.statusCode);
    if (this.accountId !== undefined) this.#span.set('genlock.account', this.accountId);
    if (this.generationId !== undefined) this.#span.set('genlock.generation', this.generationId);
    this.#span.end(status === '5xx' || status === 'gone' ? status : undefined);
  }
}

const UNTRACED = 'none';

function traceIdOf(traceparent: string | undefined): string | undefined {
  return parseTraceparent(traceparent)?.traceId;
}

/** Calls that change something are logged by default. Reads and refusals are not, because anybody can cause any number of them. */
const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

function levelOf(method: string, status: StatusClass): 'debug' | 'info' | 'warn' {
  if (status === '5xx') return 'warn';
  return status === '2xx' && CHANGES.has(method) ? 'info' : 'debug';
}

function classOf(status: number): StatusClass {
  if (status < 300) return status < 200 ? '1xx' : '2xx';
  if (status < 400) return '3xx';
  return status < 500 ? '4xx' : '5xx';
}

function clientIdOf({ headers }: FastifyRequest): string | undefined {
  const given = headers['x-request-id'];
  return typeof given === 'string' && CLIENT_ID.test(given) ? given : undefined;
}
