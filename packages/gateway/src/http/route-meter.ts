import type { Counter, Histogram, Metrics } from '../telemetry/metrics.ts';

/** `gone`: the caller left before its answer was complete. */
export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'gone';

/** The label of calls that reached no route. */
const NO_ROUTE = '(none)';

declare module 'fastify' {
  interface FastifyContextConfig {
    meter?: RouteMeter;
  }
}

interface Instruments {
  readonly label: string;
  readonly seconds: Histogram;
  readonly answers: Partial<Record<StatusClass, Counter>>;
}

/** The counters of one path pattern. The instruments are looked up once, because every call uses them. */
export class RouteMeter {
  readonly dialect: string;
  /** For example `/v1/generations/:id`; empty for calls that no route takes. */
  readonly pattern: string;
  readonly #metrics: Metrics;
  readonly #byMethod = new Map<string, Instruments>();

  /** @param pattern undefined: calls that no route takes, with any method */
  constructor(metrics: Metrics, dialect: string, pattern: string | undefined) {
    this.#metrics = metrics;
    this.dialect = dialect;
    this.pattern = pattern ?? '';
  }

  /** For example `POST /v1/generations`. */
  labelOf(method: string): string {
    return this.#of(method).label;
  }

  count(method: string, status: StatusClass, seconds: number | undefined): void {
    const instruments = this.#of(method);
    instruments.answers[status] ??= this.#metrics.httpRequests.of(this.dialect, instruments.label, status);
    instruments.answers[status].add();
    if (seconds !== undefined) instruments.seconds.observe(seconds);
  }

  #of(method: string): Instruments {
    // If no route takes the call, its method is any text of the caller's, so it must not become a label.
    const key = this.pattern === '' ? '' : method;
    let found = this.#byMethod.get(key);
    if (found === undefined) {
      const label = this.pattern === '' ? NO_ROUTE : `${method} ${this.pattern}`;
      found = { label, seconds: this.#metrics.httpSeconds.of(this.dialect, label), answers: {} };
      this.#byMethod.set(key, found);
    }
    return found;
  }
}
