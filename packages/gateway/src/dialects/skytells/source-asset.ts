import { GenlockError } from '../../domain/error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Caller } from '../../gateway/accounts/authenticate.ts';
import type { Core, MediaFacts } from '../../gateway/core.ts';
import { measureSource } from '../../gateway/files/measure-source.ts';
import type { KnownModel } from './find-model.ts';

/** Published (section 9.2). */
const MIN_SECONDS = 4;
/** Our limit: a result is as long as its source, and no model here makes longer clips. */
const MAX_SECONDS = 120;
/** The SDK gives up on a create after 60 s (section 11). */
const PATIENCE_MS = 30_000;

export interface SourceAsset {
  readonly url: string;
  readonly seconds: number;
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/**
 * The clip that a model is priced by, measured at its URL before anything is admitted (section 3, step 10). Undefined: the model is priced
 * by something else.
 *
 * @throws GenlockError `model_misconfigured`, `source_media_required`, `media_unreadable`, `media_too_short`, `invalid_parameter`
 */
export async function sourceAsset(
  core: Core,
  caller: Caller,
  { spec, model }: KnownModel,
  input: JsonObject,
): Promise<SourceAsset | undefined> {
  if (spec.sourcedFrom === undefined) return undefined;
  const param = model.inputField;
  if (param === null)
    throw new GenlockError('model_misconfigured', 'The model has no input field for its source.');
  const written = Object.hasOwn(input, param) ? input[param] : undefined;
  if (typeof written !== 'string' || !URL.canParse(written))
    throw new GenlockError('source_media_required', `${param} must be the URL of a clip.`, { param });

  const facts = await measure(core, caller, written, param);
  const { durationSeconds: seconds, width, height } = facts;
  if (seconds === undefined) throw unreadable(param);
  if (seconds < MIN_SECONDS)
    throw new GenlockError('media_too_short', `${param} must be at least ${MIN_SECONDS} seconds long.`, {
      param,
    });
  if (seconds > MAX_SECONDS)
    throw new GenlockError('invalid_parameter', `${param} must be at most ${MAX_SECONDS} seconds long.`, {
      param,
    });
  return { url: written, seconds, width, height };
}

async function measure(
  core: Core,
  { account, key }: Caller,
  url: string,
  param: string,
): Promise<MediaFacts> {
  try {
    const owner = { accountId: account.id, mode: key.mode };
    return await measureSource(core, owner, url, AbortSignal.timeout(PATIENCE_MS));
  } catch (cause) {
    throw unreadable(param, cause);
  }
}

function unreadable(param: string, cause?: unknown): GenlockError {
  return new GenlockError('media_unreadable', `The length of ${param} cannot be read at its URL.`, {
    param,
    cause,
  });
}
