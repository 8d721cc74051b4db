import type { Counter, Histogram, Metrics } from '../telemetry/metrics.ts';

/** `gone`: the caller left before its answer was whole. */
export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'gone';

/** The route of a call that reached none. */
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

/** What is counted of one path pattern. The instruments are looked up once, since every call uses them. */
export class RouteMeter {
  readonly dialect: string;
  /** `/v1/generations/:id`; empty where no route takes the call. */
  readonly pattern: string;
  readonly #metrics: Metrics;
  readonly #byMethod = new Map<string, Instruments>();

  /** @param pattern undefined: calls that no route takes, of whatever method */
  constructor(metrics: Metrics, dialect: string, pattern: string | undefined) {
    this.#metrics = metrics;
    this.dialect = dialect;
    this.pattern = pattern ?? '';
  }

  /** `POST /v1/generations` */
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
    // A method that no route takes is the caller's word.
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
