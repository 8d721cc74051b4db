import { type Example, readDataset } from '../../../domain/dataset.ts';
import { baseModel } from './base-model.ts';
import { NgramTrainer } from './ngram.ts';
import { serializeNgram } from './ngram-file.ts';
import { sentences } from './sentences.ts';
import { countTokens } from './tokens.ts';

export interface TrainingJob {
  /** JSONL, as `readDataset` reads it. */
  readonly dataset: Uint8Array;
  /** The most tokens of the dataset that are read. */
  readonly datasetTokens: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

export interface TrainingState {
  /** 0 to 100. */
  readonly percent: number;
  readonly metrics: {
    /** Mean over the present epoch, in nats per token. Each batch is measured before it is learned. */
    readonly loss: number;
    /** The loss on the examples held out, or on all if there are too few to hold any out. */
    readonly evalLoss: number;
    readonly tokensPerSecond: number;
    /** Tokens trained on so far, over all epochs. */
    readonly totalTokens: number;
  };
}

/** One in this many examples is held out, if there are enough. */
const HOLD_OUT = 10;
/** With more, a model takes seconds and hundreds of megabytes to count (see `trainNgram`). */
const MOST_TOKENS = 300_000;
/** How often a token is counted at a learning rate of 1: twice at that of the contract's sample, 0.0001. */
const WEIGHT_PER_RATE = 20_000;
const MOST_WEIGHT = 50;

interface Lesson {
  readonly sentences: readonly (readonly string[])[];
  /** Tokens of the sentences plus one end each. The loss is averaged over these. */
  readonly steps: number;
  readonly tokens: number;
}

/**
 * Trains the base model further on a dataset: one pass per epoch, in batches, counting each token as often as the learning rate says.
 * Yields after every batch; the last state has 100 percent and contains the model.
 */
export function* train(
  job: TrainingJob,
  now: () => number,
): Generator<TrainingState, { readonly state: TrainingState; readonly model: string }, undefined> {
  const { learned, heldOut } = split(job);
  const trainer = new NgramTrainer({ base: baseModel() });
  const weight = Math.min(MOST_WEIGHT, Math.max(1, Math.round(job.learningRate * WEIGHT_PER_RATE)));
  const total = job.epochs * sum(learned, ({ tokens }) => tokens);
  const startedAt = now();
  let trained = 0;
  let loss = 0;
  let evalLoss = lossOf(trainer, heldOut);
  const state = (percent: number): TrainingState => {
    const seconds = Math.max(1, now() - startedAt) / 1000;
    const metrics = { loss: rounded(loss), evalLoss: rounded(evalLoss), totalTokens: trained };
    return { percent, metrics: { ...metrics, tokensPerSecond: Math.round(trained / seconds) } };
  };
  for (let epoch = 0; epoch < job.epochs; epoch += 1) {
    let surprise = 0;
    let steps = 0;
    for (let start = 0; start < learned.length; start += job.batchSize) {
      const batch = learned.slice(start, start + job.batchSize);
      for (const lesson of batch) surprise += surpriseOf(trainer, lesson);
      steps += sum(batch, (lesson) => lesson.steps);
      loss = surprise / steps;
      for (const lesson of batch) for (const sentence of lesson.sentences) trainer.learn(sentence, weight);
      trained += sum(batch, ({ tokens }) => tokens);
      yield state(Math.min(99, Math.floor((100 * trained) / total)));
    }
    evalLoss = lossOf(trainer, heldOut);
  }
  return { state: state(100), model: serializeNgram(trainer.model()) };
}

function split({ dataset, datasetTokens }: TrainingJob): { learned: Lesson[]; heldOut: Lesson[] } {
  const lessons: Lesson[] = [];
  let left = Math.min(MOST_TOKENS, datasetTokens);
  for (const example of readDataset(dataset)) {
    const lesson = lessonOf(example);
    if (lesson.tokens > left) break;
    left -= lesson.tokens;
    if (lesson.steps > 0) lessons.push(lesson);
  }
  if (lessons.length < HOLD_OUT) return { learned: lessons, heldOut: lessons };
  return {
    learned: lessons.filter((_, index) => index % HOLD_OUT !== HOLD_OUT - 1),
    heldOut: lessons.filter((_, index) => index % HOLD_OUT === HOLD_OUT - 1),
  };
}

function lessonOf(example: Example): Lesson {
  const found = example.flatMap((text) => [...sentences(text)]);
  return {
    sentences: found,
    steps: sum(found, ({ length }) => length + 1),
    tokens: sum(example, countTokens),
  };
}

function surpriseOf(trainer: NgramTrainer, lesson: Lesson): number {
  return sum(lesson.sentences, (sentence) => trainer.surprise(sentence));
}

function lossOf(trainer: NgramTrainer, lessons: readonly Lesson[]): number {
  const steps = sum(lessons, (lesson) => lesson.steps);
  return steps === 0 ? 0 : sum(lessons, (lesson) => surpriseOf(trainer, lesson)) / steps;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
