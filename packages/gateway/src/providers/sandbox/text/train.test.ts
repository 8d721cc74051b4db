import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../../domain/dataset.ts';
import { generateText } from './generate.ts';
import { parseNgram } from './ngram-file.ts';
import { type TrainingJob, train } from './train.ts';

const LINE = JSON.stringify({ prompt: 'What is a zorb?', completion: 'A zorb is a violet ball of glass.' });
const OTHER = JSON.stringify({
  messages: [
    { role: 'user', content: 'Tell me of zorbs' },
    { role: 'assistant', content: 'Every zorb sings at night.' },
  ],
});
const bytes = (lines: readonly string[]) => new TextEncoder().encode(lines.join('\n'));
const job = (lines: readonly string[], more: Partial<TrainingJob> = {}): TrainingJob => ({
  dataset: bytes(lines),
  datasetTokens: 100_000,
  epochs: 3,
  batchSize: 4,
  learningRate: 0.0005,
  ...more,
});

function run(one: TrainingJob) {
  let at = 0;
  const training = train(one, () => (at += 10));
  const states = [];
  for (;;) {
    const next = training.next();
    if (next.done === true) return { states, ...next.value };
    states.push(next.value);
  }
}

describe('train', () => {
  const lines = Array.from({ length: 10 }, () => [LINE, OTHER]).flat();

  it('learns: loss falls, held-out loss too, and the text speaks of what it has read', () => {
    const { states, state, model } = run(job(lines));
    expect(state.percent).toBe(100);
    expect(states.every(({ percent }) => percent < 100)).toBe(true);
    expect(state.metrics.loss).toBeLessThan((states[0]?.metrics.loss ?? 0) / 2);
    expect(state.metrics.evalLoss).toBeLessThan((states[0]?.metrics.evalLoss ?? 0) / 2);
    const text = [
      ...generateText(parseNgram(model), { prompt: 'zorb', maxTokens: 40, temperature: 0, seed: 0 }),
    ].join('');
    expect(text).toMatch(/zorb/i);
  });

  it('counts the tokens that it trained on: all but those held out, once an epoch', () => {
    const one = run(job([LINE], { epochs: 1 })).state.metrics.totalTokens;
    expect(run(job([LINE], { epochs: 4 })).state.metrics.totalTokens).toBe(4 * one);
    expect(run(job(Array(10).fill(LINE), { epochs: 1 })).state.metrics.totalTokens).toBe(9 * one);
  });

  it('reads no more of the dataset than was paid for', () => {
    const one = run(job([LINE], { epochs: 1 })).state.metrics.totalTokens;
    const { state } = run(job([LINE, LINE, LINE], { epochs: 1, datasetTokens: 2 * one + 1 }));
    expect(state.metrics.totalTokens).toBe(2 * one);
  });

  it('gives the same model for the same dataset, and another for another rate', () => {
    const { model } = run(job(lines));
    expect(run(job(lines)).model).toBe(model);
    expect(run(job(lines, { learningRate: 0.001 })).model).not.toBe(model);
  });

  it.each([
    ['nothing', [''], /empty/],
    ['no JSON', [LINE, '{"prompt":'], /Line 2 .*JSON/],
    ['other members', [LINE, '', '{"text":"x"}'], /Line 3/],
    ['a content that is no text', ['{"messages":[{"role":"user","content":null}]}'], /Line 1/],
    ['a number', ['7'], /Line 1/],
  ])('refuses %s', (_what, broken, message) => {
    expect(() => run(job(broken))).toThrow(DatasetError);
    expect(() => run(job(broken))).toThrow(message);
  });
});
