import { GenlockError } from '../../domain/error.ts';
import {
  type GenerationRequest,
  type ImageRequest,
  type SourceMedia,
  textsOf,
  type VideoRequest,
} from '../../domain/request.ts';
import type { Delivered, Output, Preflight, Provider, ProviderCall } from '../port.ts';
import { answerBatch } from './batch.ts';
import { type Directives, readDirectives, withoutDirectives } from './directives.ts';
import type { MediaJob, MediaResult } from './media/jobs.ts';
import { delay, isSpoilt, objection, pause, spoil, spoilText } from './spoil.ts';
import { countTokens } from './text/index.ts';
import { createTextModels } from './text-models.ts';
import { trainModel } from './training.ts';
import { collectText, write } from './write.ts';

export interface SandboxParts {
  readonly media: { run(job: MediaJob, signal?: AbortSignal): Promise<MediaResult>; close(): Promise<void> };
  /** Reads a source to its end and returns its facts. */
  readonly probe: (bytes: Uint8Array) => Promise<SourceFacts>;
}

export interface SourceFacts {
  readonly kind: 'image' | 'video' | 'audio' | 'text';
  /** For a picture or a clip. */
  readonly width?: number;
  readonly height?: number;
}

/** A source with a longer side is not returned in its own size. */
const MAX_SIDE = 4096;
const DELTAS_BEFORE_DROP = 3;

/**
 * The free provider inside: real files of the ordered size, length and format, the same bytes for the same model, input and seed, and every
 * failure on demand. Sending a call to it again costs nothing.
 */
export function createSandbox({ media, probe }: SandboxParts): Provider {
  const models = createTextModels();
  return {
    name: 'sandbox',
    capabilities: { safeToResend: true, lookup: false, cancel: false, free: true },
    rehearsal: true,

    preflight({ request }: Preflight) {
      if (request.steering === undefined && !textsOf(request).some((text) => text.includes('[[')))
        return undefined;
      for (const texts of steeringTexts(request)) {
        const objects = objection(readDirectives(texts, request.steering));
        if (objects !== undefined) return objects;
      }
      return undefined;
    },

    countTokens,

    async submit(call) {
      const { request } = call;
      // A directive in a prompt of a batch applies to that prompt only.
      const texts = request.kind === 'batch' ? [] : textsOf(request);
      const directives = readDirectives(texts, request.steering);
      await delay(call, directives.delayMs);
      if (isSpoilt(directives, call.attempt)) {
        const spoilt = spoil(directives);
        if (spoilt !== undefined) return { state: 'finished', ...spoilt };
      }
      return { state: 'finished', ...(await make(call, directives)) };
    },

    async *stream(call) {
      const { request, signal } = call;
      if (request.kind !== 'text') throw new GenlockError('model_unsupported');
      const directives = readDirectives(textsOf(request), request.steering);
      await pause(directives.delayMs, signal);
      const spoilt = isSpoilt(directives, call.attempt);
      if (spoilt && directives.drop === undefined) spoilText(directives);
      const modelAtHand = models.of(call);
      const model = modelAtHand instanceof Promise ? await modelAtHand : modelAtHand;
      let told = 0;
      for (const event of write(model, request, call.idempotencyKey)) {
        signal.throwIfAborted();
        // A dropped connection breaks in the middle; with a short answer, before its end.
        const middle = told >= DELTAS_BEFORE_DROP || event.type === 'end';
        if (spoilt && directives.drop !== undefined && middle) spoil(directives);
        if (event.type === 'delta') {
          told += 1;
          if (directives.paceMs > 0) await pause(directives.paceMs, signal);
        }
        yield event;
      }
    },

    close: () => media.close(),
  };

  async function make(call: ProviderCall, directives: Directives): Promise<Delivered> {
    const { request, signal } = call;
    switch (request.kind) {
      case 'image':
        return { outputs: await makeImages(request, call) };
      case 'video': {
        const job: MediaJob = {
          kind: 'video',
          prompt: withoutDirectives(request.prompt),
          seed: request.seed,
          width: request.width,
          height: request.height,
          durationSeconds: directives.clipSeconds ?? request.seconds,
          sound: request.sound,
          ...(request.fps !== undefined && { fps: request.fps }),
          ...(await startImage(request, call)),
        };
        // One after the other, because each clip keeps a thread busy.
        const outputs: Output[] = [];
        for (let index = 0; index < (request.count ?? 1); index += 1)
          outputs.push(await media.run({ ...job, seed: job.seed + index }, signal).catch(sourceFault));
        return { outputs };
      }
      case 'speech': {
        const { text, format, voice, language, sampleRate, bitRate } = request;
        const job: MediaJob = {
          kind: 'speech',
          text: withoutDirectives(text),
          format,
          ...(voice !== undefined && { voice }),
          ...(language !== undefined && { language }),
          ...(sampleRate !== undefined && { sampleRate }),
          ...(bitRate !== undefined && { bitRate }),
        };
        return { outputs: [await media.run(job, signal)] };
      }
      case 'text':
        return collectText(write(await models.of(call), request, call.idempotencyKey));
      case 'batch':
        return answerBatch(await models.of(call), call, request);
      case 'training':
        return trainModel(call, request);
    }
  }

  async function makeImages(request: ImageRequest, call: ProviderCall): Promise<Output[]> {
    const sources = await Promise.all((request.sources ?? []).map(({ url }) => call.fetchSource(url)));
    const size = await sizeFor(request, sources[0]);
    const jobs = Array.from(
      { length: request.count },
      (_, index): MediaJob => ({
        kind: 'image',
        prompt: withoutDirectives(request.prompt),
        seed: request.seed + index,
        ...size,
        format: request.format,
        sources,
      }),
    );
    return Promise.all(
      jobs.map((job) => media.run(job, call.signal).catch((thrown) => blameSource(thrown, sources))),
    );
  }

  /** Finds the source that could not be decoded and names it in the error. */
  async function blameSource(thrown: unknown, sources: readonly Uint8Array[]): Promise<never> {
    for (const [source, bytes] of isSourceFault(thrown) ? sources.entries() : []) {
      await probe(bytes).catch((broken) => {
        throw undecodable(broken, source);
      });
    }
    return sourceFault(thrown);
  }

  async function sizeFor(
    { width, height }: ImageRequest,
    source: Uint8Array | undefined,
  ): Promise<{ width: number; height: number }> {
    if (width !== undefined && height !== undefined) return { width, height };
    if (source === undefined) return { width: 1024, height: 1024 };
    const { width: wide = 1, height: high = 1 } = await probe(source).catch(sourceFault);
    const scale = Math.min(1, MAX_SIDE / Math.max(wide, high));
    return {
      width: Math.max(1, Math.round(wide * scale)),
      height: Math.max(1, Math.round(high * scale)),
    };
  }

  /** The picture that the clip starts from. Sources that are not drawn are still read, and must be of the kind that their role requires. */
  async function startImage(
    { sources = [] }: VideoRequest,
    call: ProviderCall,
  ): Promise<{ startImage?: Uint8Array }> {
    const first = sources.find(({ role }) => STARTS.includes(role));
    for (const [source, { role, url }] of sources.entries()) {
      if (sources[source] === first) continue;
      const bytes = await call.fetchSource(url);
      const { kind } = await probe(bytes).catch((thrown) => {
        throw isSourceFault(thrown) ? undecodable(thrown, source) : thrown;
      });
      if (!(KINDS[role] ?? ['image']).includes(kind))
        throw new GenlockError('invalid_media', 'A source file is not of the kind that its role requires.', {
          source,
        });
    }
    return first === undefined ? {} : { startImage: await call.fetchSource(first.url) };
  }
}

/** The groups of texts whose directives are read together: each prompt of a batch is a group of its own. */
function steeringTexts(request: GenerationRequest): readonly (readonly string[])[] {
  return request.kind === 'batch' ? [[], ...request.items.map(({ prompt }) => [prompt])] : [textsOf(request)];
}

const STARTS: readonly SourceMedia['role'][] = ['first_frame', 'source', 'reference'];

/** The kinds that sources of these roles may have (a clip may stand for its sound). All other roles take pictures. */
const KINDS: { readonly [role in SourceMedia['role']]?: readonly SourceFacts['kind'][] } = {
  video: ['video'],
  audio: ['audio', 'video'],
};

/** A source that does not decode is the caller's fault; anything else is a failure of the provider. */
function sourceFault(thrown: unknown): never {
  throw isSourceFault(thrown) ? undecodable(thrown) : thrown;
}

function isSourceFault(thrown: unknown): boolean {
  const name = thrown instanceof Error ? thrown.name : '';
  return name === 'SourceMediaError' || name === 'UnreadableMediaError';
}

function undecodable(cause: unknown, source?: number): GenlockError {
  const named = source !== undefined && { source };
  const { reason } = cause as { readonly reason?: string };
  return new GenlockError('invalid_media', 'A source file could not be decoded.', {
    cause,
    raw: String(cause),
    ...named,
    ...(reason !== undefined && { reason }),
  });
}
