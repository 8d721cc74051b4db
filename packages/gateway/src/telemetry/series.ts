import type { HistogramSpec, Spec } from './catalogue.ts';
import type { Counter, Gauge, Histogram } from './metrics.ts';

/*
 * Counters in memory. An addition takes about 10 ns; the usual library looks up the labels at each addition, which takes 50 times as long.
 */

/** The most series of one metric. Further ones are counted as `other`, so that a mistake in a label cannot fill the memory. */
const MAX_SERIES = 5_000;
const OTHER = 'other';
/** Separates label values in a key, since none of ours contains it. */
const BETWEEN = '\u0000';

export class Sum implements Counter, Gauge {
  value = 0;
  add(by = 1): void {
    this.value += by;
  }
  set(value: number): void {
    this.value = value;
  }
}

export class Distribution implements Histogram {
  readonly bounds: readonly number[];
  /** One more than there are bounds: the last one counts what is above them all. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let at = 0;
    while (at < this.bounds.length && value > (this.bounds[at] ?? 0)) at++;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.sum += value;
  }
}

/**
 * The series of one metric, by label values. A metric without labels exists from the start, unless it is a gauge, which exists once it is
 * set.
 */
export class SeriesFamily<Instrument extends Sum | Distribution> {
  readonly spec: Spec;
  readonly #make: () => Instrument;
  readonly #series = new Map<
    string,
    { readonly values: readonly string[]; readonly instrument: Instrument }
  >();

  constructor(spec: Spec, make: () => Instrument) {
    this.spec = spec;
    this.#make = make;
    if (spec.labels.length === 0 && spec.type !== 'gauge') this.of();
  }

  of(...values: string[]): Instrument {
    const key = values.join(BETWEEN);
    const known = this.#series.get(key);
    if (known !== undefined) return known.instrument;
    if (this.#series.size >= MAX_SERIES && values.some((value) => value !== OTHER))
      return this.of(...values.map(() => OTHER));
    const instrument = this.#make();
    this.#series.set(key, { values, instrument });
    return instrument;
  }

  clear(): void {
    this.#series.clear();
  }

  *all(): Iterable<{ readonly labels: Record<string, string>; readonly instrument: Instrument }> {
    for (const { values, instrument } of this.#series.values())
      yield {
        labels: Object.fromEntries(this.spec.labels.map((name, index) => [name, values[index] ?? ''])),
        instrument,
      };
  }
}

export function familyOf(spec: Spec): SeriesFamily<Sum | Distribution> {
  return spec.type === 'histogram'
    ? new SeriesFamily(spec, () => new Distribution((spec as HistogramSpec).buckets))
    : new SeriesFamily(spec, () => new Sum());
}
