import { GenlockError } from '../../domain/error.ts';
import type { ProviderCall } from '../port.ts';
import { baseModel, type NgramModel, parseNgram } from './text/index.ts';

/** A route to `ngram:<artifact>` is served by the model that was trained into that file; all others by the base model. */
const TRAINED = 'ngram:';
/** The number of trained models kept in memory, since each may take tens of megabytes. */
const MOST_KEPT = 4;

export interface TextModels {
  /** Synchronous if the model is loaded, because an await costs more than most of the work for a short text. */
  of(call: Pick<ProviderCall, 'model' | 'readArtifact'>): NgramModel | Promise<NgramModel>;
}

/** The models that write text. Trained models are read once, and the most recently used ones are kept. */
export function createTextModels(): TextModels {
  const kept = new Map<string, Promise<NgramModel>>();
  return {
    of({ model, readArtifact }) {
      if (!model.startsWith(TRAINED)) return baseModel();
      const name = model.slice(TRAINED.length);
      const reading = kept.get(name) ?? read(readArtifact, name);
      kept.delete(name);
      kept.set(name, reading);
      reading.catch(() => kept.delete(name));
      const oldest = kept.keys().next();
      if (kept.size > MOST_KEPT && oldest.done !== true) kept.delete(oldest.value);
      return reading;
    },
  };
}

async function read(readArtifact: ProviderCall['readArtifact'], name: string): Promise<NgramModel> {
  const bytes = await readArtifact(name);
  try {
    return parseNgram(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new GenlockError('model_misconfigured', undefined, {
      cause,
      raw: `artifact ${name}: ${String(cause)}`,
    });
  }
}
