import {
  CATALOGUE,
  type Catalogue,
  type CounterSpec,
  type GaugeSpec,
  type HistogramSpec,
} from './catalogue.ts';

/* The port of metrics: instruments by name, typed by the catalogue. The code above it does not know who reads them. */

export interface Counter {
  /** @param by 1 unless given; not negative, may have a fraction */
  add(by?: number): void;
}
export interface Gauge {
  set(value: number): void;
  add(by: number): void;
}
export interface Histogram {
  observe(value: number): void;
}

/** One value for each label, in the order of the catalogue. */
type ValuesOf<Labels extends readonly string[]> = { readonly [Index in keyof Labels]: string };

/** The series of one metric. Look up a series that is used often once and keep it: the look-up costs more than the counting. */
export interface Family<Labels extends readonly string[], Instrument> {
  of(...values: ValuesOf<Labels>): Instrument;
  /** Removes every series, because their values are no longer known. */
  clear(): void;
}

type InstrumentOf<Spec> = Spec extends CounterSpec
  ? Counter
  : Spec extends GaugeSpec
    ? Gauge
    : Spec extends HistogramSpec
      ? Histogram
      : never;

export type Metrics = {
  readonly [Name in keyof Catalogue]: Family<Catalogue[Name]['labels'], InstrumentOf<Catalogue[Name]>>;
};

const nothing = { add() {}, set() {}, observe() {} };
const nowhere = { of: () => nothing, clear() {} };

/** Accepts everything and stores nothing. */
export const noMetrics = Object.fromEntries(
  Object.keys(CATALOGUE).map((name) => [name, nowhere]),
) as unknown as Metrics;
