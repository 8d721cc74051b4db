import {
  CATALOGUE,
  type Catalogue,
  type CounterSpec,
  type GaugeSpec,
  type HistogramSpec,
} from './catalogue.ts';

/* The port of metrics: instruments by name, typed by the catalogue. Nothing above it knows who reads them. */

export interface Counter {
  /** By 1, or by a whole or broken number that is not negative. */
  add(by?: number): void;
}
export interface Gauge {
  set(value: number): void;
  add(by: number): void;
}
export interface Histogram {
  observe(value: number): void;
}

/** One value of each label, in the order of the catalogue. */
type ValuesOf<Labels extends readonly string[]> = { readonly [Index in keyof Labels]: string };

/** The series of one metric. What is asked for often is asked for once and kept: the look-up costs more than the counting. */
export interface Family<Labels extends readonly string[], Instrument> {
  of(...values: ValuesOf<Labels>): Instrument;
  /** Forgets every series: what it told is not known any more. */
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

/** Takes everything and keeps nothing. */
export const noMetrics = Object.fromEntries(
  Object.keys(CATALOGUE).map((name) => [name, nowhere]),
) as unknown as Metrics;
