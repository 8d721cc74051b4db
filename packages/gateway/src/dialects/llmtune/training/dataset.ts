import { setImmediate as breathe } from 'node:timers/promises';
import { DatasetError, readDataset } from '../../../domain/dataset.ts';
import { GenlockError } from '../../../domain/error.ts';
import { countTokens } from '../../../gateway/admission/count-tokens.ts';
import type { Core } from '../../../gateway/core.ts';
import type { Model } from '../../../gateway/models/model.ts';
import { OutboundError } from '../../../http/outbound/outbound-error.ts';
import { urlObjection } from '../../../http/url-objection.ts';

/**
 * The URL to fetch a dataset from: an https URL, or a public object in one of two stores, whose addresses are converted. Anything that is
 * not an address would be the id of an uploaded dataset, and there are no such datasets (contract section 3).
 *
 * @throws GenlockError `invalid_parameter`, `not_found`
 */
export function datasetUrl(core: Core, dataset: string): string {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(dataset)) throw new GenlockError('not_found', 'There is no such dataset.');
  const url = dataset
    .replace(/^s3:\/\/([a-z0-9.-]+)\//i, 'https://$1.s3.amazonaws.com/')
    .replace(/^gs:\/\/([a-z0-9._-]+)\//i, 'https://storage.googleapis.com/$1/');
  const objection = urlObjection(core, url);
  if (objection !== undefined) throw invalid(`dataset ${objection}.`);
  return url;
}

/** Short, because the caller is waiting. */
const READ_WITHIN_MS = 5_000;
const MAX_DATASET_BYTES = 32 * 1024 * 1024;
/** After this many examples other work gets a turn. */
const EXAMPLES_A_TURN = 500;

/**
 * Counts the tokens of one pass over a dataset, for the hold. 0 if the server answered without a file: according to the contract's
 * scenarios that ends the job and not the call, and what was not counted is never trained on.
 *
 * @throws GenlockError `invalid_parameter` if it cannot be read in time, or contains anything but examples
 */
export async function countDataset(core: Core, model: Model, url: string): Promise<number> {
  const bytes = await fetchDataset(core, url);
  if (bytes === undefined) return 0;
  let tokens = 0;
  let examples = 0;
  try {
    for (const example of readDataset(bytes)) {
      tokens += countTokens(core, model, example);
      examples += 1;
      if (examples % EXAMPLES_A_TURN === 0) await breathe();
    }
  } catch (thrown) {
    throw thrown instanceof DatasetError ? invalid(thrown.message) : thrown;
  }
  if (tokens === 0) throw invalid('The dataset has no text.');
  return tokens;
}

async function fetchDataset(core: Core, url: string): Promise<Uint8Array | undefined> {
  try {
    return await core.fetchPublic(url, {
      maxBytes: MAX_DATASET_BYTES,
      signal: AbortSignal.timeout(READ_WITHIN_MS),
    });
  } catch (thrown) {
    if (!(thrown instanceof OutboundError)) return undefined;
    if (thrown.reason === 'too_large') throw invalid('The dataset must be at most 32 MB.');
    throw invalid('The dataset could not be read within 5 s.', thrown);
  }
}

function invalid(message: string, cause?: unknown): GenlockError {
  return new GenlockError('invalid_parameter', message, { param: 'dataset', cause });
}
