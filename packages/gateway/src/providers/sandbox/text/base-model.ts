import { CORPUS } from './corpus.ts';
import { type NgramModel, trainNgram } from './ngram.ts';

let model: NgramModel | undefined;

/** The model that is used unless another was trained. Counted from our own corpus at first use (about 10 ms), then kept. */
export function baseModel(): NgramModel {
  model ??= trainNgram(CORPUS);
  return model;
}
